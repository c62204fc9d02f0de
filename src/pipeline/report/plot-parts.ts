/** The parts of the plotting library that are used, and the document it draws in: named here, so that no other part is bundled. */
export { axisX, barX, barY, dot, line, link, plot, rectY, ruleX, ruleY, text } from '@observablehq/plot';
export { parseHTML } from 'linkedom';
