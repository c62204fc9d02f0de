import { OUTCOMES } from '../../pipeline/summary.js';
import { type FindingTable, SEVERITIES } from './finding-table.js';
import type { ImageTable } from './image-table.js';
import type { FilterLine } from './reduce-key.js';
import type { ListName } from './view-state.js';

/** What a list can be narrowed to: what occurs in it. Lines with one choice are left out, they would narrow nothing. */
export function filterChoices(
  list: ListName,
  images: ImageTable,
  findings: FindingTable,
  scores: boolean,
): FilterLine[] {
  const table = list === 'images' ? images : findings;
  const lines: FilterLine[] = [];
  const some = (by: FilterLine['by'], name: string, words: readonly string[]) => {
    if (words.length > 1) lines.push({ by, name, choices: [...words].sort() });
  };
  if (list === 'images') {
    lines.push({ by: 'focus', name: 'class', choices: images.classes.map(({ key }) => key) });
    if (scores) lines.push({ by: 'outcome', name: 'outcome', choices: ['failure', ...OUTCOMES] });
  } else {
    lines.push({ by: 'severity', name: 'severity', choices: SEVERITIES });
    some('class', 'class', findings.classes);
  }
  if (table.rules.length > 0) lines.push({ by: 'rule', name: 'rule', choices: [...table.rules].sort() });
  some('split', 'split', table.splits);
  some('source', 'source', table.sources);
  return lines;
}
