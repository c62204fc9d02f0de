import { isImageLevel } from '../../pipeline/dataset/image-level.js';
import type { ShownImage } from '../../pipeline/run-show.js';
import type { Env, TextStream } from '../colours.js';
import { terminalTraits } from '../terminal-traits.js';
import { createImageTable, firstFocus, listedClasses } from './image-table.js';
import { createTheme } from './theme.js';
import { drawImage, hasPanels, type ImageScene } from './views/image.js';

/** Lines are not bounded where they are printed. */
const ENDLESS = 10_000;

/** One image of a run as lines of text: pictures in the terminal's colours, in characters without, and its figures and findings. */
export function printedImage(shown: ShownImage, columns: number, stream: TextStream, env: Env): string[] {
  const { header, view, findings } = shown;
  const { record } = view;
  const listed = listedClasses(header);
  const images = createImageTable(listed);
  images.append([record]);
  for (const { rule } of findings) images.addRule(record.image, rule);
  const scores = header.model !== null || header.predictions !== null;
  // Of answers there is no difference.
  const one = isImageLevel(header.dataset) ? 'predicted' : 'difference';
  const scene: ImageScene = {
    theme: createTheme(terminalTraits(stream, env)),
    images,
    subject: { command: 'show', dataset: header.root, work: '', scores, titles: {} },
    header,
    open: { row: 0, view, findings, fault: '' },
    focus: firstFocus(header, listed),
    layer: !scores ? 'truth' : hasPanels(columns, ENDLESS) ? 'all' : one,
    zoomed: false,
    finding: -1,
  };
  return drawImage(scene, columns, ENDLESS).map((line) => line.trimEnd());
}
