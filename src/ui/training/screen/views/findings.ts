import type { Finding } from '../../../../pipeline/record.js';
import { counted } from '../../../../pipeline/words/figures.js';
import { visible } from '../../../../pipeline/words/visible-text.js';
import { wrap } from '../../../display-width.js';
import { heading } from '../../../screen/parts/heading.js';
import { firstSeen } from '../../../screen/parts/list.js';
import type { Theme } from '../../../screen/theme.js';
import type { TrainModel } from '../train-model.js';
import { chosenFinding } from '../train-view-state.js';

/** What the rules about this training have found, as it happened; messages are few and said in full. */
export function drawTrainFindings(model: TrainModel, width: number, height: number): string[] {
  const { state, view, layout, theme } = model;
  const { findings } = state;
  const here = view.page === 'findings' && view.over.length === 0;
  const about = findings.length === 0 ? '' : counted(findings.length, 'finding');
  const head = heading('Findings', about, width, theme, here && layout.kind === 'panes');
  if (findings.length === 0) {
    return [head, theme.dim(state.phase === 'finished' ? '  nothing was found' : '  nothing found yet')];
  }
  const chosen = chosenFinding(view, findings.length);
  const blocks = findings.map((finding, i) => findingBlock(finding, here && i === chosen, width, theme));
  const before = blocks.slice(0, chosen).reduce((sum, block) => sum + block.length, 0);
  const lines = blocks.flat();
  const first = firstSeen(before, lines.length, height - 1);
  return [head, ...lines.slice(first, first + height - 1)];
}

function findingBlock({ rule, severity, message }: Finding, chosen: boolean, width: number, theme: Theme): string[] {
  const name = `${rule} ${severity} `;
  const [first, ...more] = wrap(`${name}${visible(message)}`, Math.max(8, width - 2));
  const start = first.startsWith(name) ? theme.severity(severity, name) + first.slice(name.length) : first;
  const lines = [start, ...more];
  return lines.map((line, i) => `${chosen && i === 0 ? theme.signs.pointer : ' '} ${line}`);
}
