import path from 'node:path';
import { explainRules } from '../../../pipeline/checks/explain.js';
import { count } from '../../../pipeline/words/figures.js';
import { visible } from '../../../pipeline/words/visible-text.js';
import { displayWidth, pad, truncate, wrap } from '../../display-width.js';
import { helpSections } from '../key-table.js';
import type { Model } from '../model.js';
import { heading } from '../parts/heading.js';
import { keyHelp } from '../parts/key-help.js';
import { drawTextPage, WIDEST_TEXT } from '../parts/text-page.js';
import type { FilterLine } from '../reduce-key.js';
import type { Theme } from '../theme.js';
import type { Over } from '../view-state.js';
import { OUTCOME_WORDS } from './lists.js';

/** The lines of a text page, of which a part is seen. */
export function textOf(over: Over & { kind: 'help' | 'explain' }, width: number, theme: Theme): string[] {
  if (over.kind === 'help') return keyHelp(helpSections(), Math.min(width, WIDEST_TEXT), theme);
  const [title, ...rest] = explainRules(over.rule, Math.min(width, WIDEST_TEXT)).split('\n');
  return [theme.bold(truncate(title, width)), ...rest];
}

/** A page of text from the line that it is scrolled to. */
export function drawText(
  model: Model,
  over: Over & { kind: 'help' | 'explain' },
  width: number,
  height: number,
): string[] {
  const { theme } = model;
  const title = over.kind === 'help' ? 'Keys' : `Rule ${over.rule}`;
  return drawTextPage(title, textOf(over, width, theme), { scroll: over.scroll, width, height }, theme);
}

/** What a list can be narrowed to: a line for each property, its choices in a row. */
export function drawFilter(
  model: Model,
  over: Over & { kind: 'filter' },
  lines: readonly FilterLine[],
  width: number,
  height: number,
): string[] {
  const { theme, view, selections } = model;
  const { filter } = view[over.list];
  const shown = selections[over.list].size;
  const title = over.list === 'images' ? 'Filter images' : 'Filter findings';
  const drawn = [heading(title, `${count(shown)} ${shown === 1 ? 'passes' : 'pass'}`, width, theme, true), ''];
  const name = Math.max(...lines.map((line) => line.name.length), 0);
  lines.forEach((line, i) => {
    const here = i === over.line;
    const chosen = line.by === 'focus' ? line.choices[view.focus] : filter[line.by];
    const options = line.by === 'focus' ? line.choices : [null, ...line.choices];
    const head = `${here ? theme.signs.pointer : ' '} ${pad(line.name, name)}  `;
    const rows = choiceRows(options, chosen ?? null, width - displayWidth(head), theme);
    rows.forEach((row, at) => {
      drawn.push(at === 0 ? (here ? theme.bold(head) : head) + row : ' '.repeat(displayWidth(head)) + row);
    });
  });
  const text = filter.text === '' ? 'none (/ in the list)' : `"${visible(filter.text)}"`;
  drawn.push('', `  ${pad('text', name)}  ${truncate(text, width - name - 4)}`);
  return drawn.slice(0, height);
}

/** The choices side by side, the chosen one in brackets; as many rows as they need. */
function choiceRows(options: readonly (string | null)[], chosen: string | null, width: number, theme: Theme): string[] {
  const rows = [''];
  let used = 0;
  for (const option of options) {
    const word = truncate(option === null ? 'any' : visible(OUTCOME_WORDS[option] ?? (option || '(none)')), width - 3);
    const isChosen = option === chosen;
    const text = isChosen ? `[${word}]` : ` ${word} `;
    const taken = displayWidth(text) + 1;
    if (used > 0 && used + taken > width) {
      rows.push('');
      used = 0;
    }
    rows[rows.length - 1] += `${isChosen ? theme.chosen(text) : text} `;
    used += taken;
  }
  return rows;
}

/** The paths of an image's files, each alone on its lines and nothing before it, so that it can be copied. */
export function drawPaths(model: Model, width: number, height: number): string[] {
  const { open, header, theme } = model;
  const lines = [heading('Paths', 'to copy', width, theme, true), ''];
  const record = open?.view?.record;
  if (!record || !header) return [...lines, open?.fault || 'reading ...'].slice(0, height);
  const files: [string, string, string][] = [
    ['image', header.root, record.imagePath],
    ['truth', header.root, record.truthPath],
    ['prediction', header.predictions ?? '', record.predictionPath],
  ];
  for (const [what, folder, file] of files) {
    if (file === '') continue;
    lines.push(theme.dim(what));
    const full = visible(folder === '' ? file : path.join(folder, file));
    const characters = [...full];
    for (let at = 0; at < characters.length; at += width) lines.push(characters.slice(at, at + width).join(''));
    lines.push('');
  }
  return lines.slice(0, height);
}

/** One line of words for a window that has room for nothing else. */
export function drawTiny(columns: number, rows: number, least: { columns: number; rows: number }): string[] {
  const words = `maskaudit needs ${least.columns} x ${least.rows}, this window has ${columns} x ${rows}; q quits`;
  return wrap(words, Math.max(1, columns))
    .map((line) => truncate(line, columns))
    .slice(0, rows);
}
