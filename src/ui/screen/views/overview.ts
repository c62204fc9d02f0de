import { DEFAULT_THRESHOLDS } from '../../../pipeline/dataset/dataset.js';
import { count, counted, factor, interval, score, share, signedScore } from '../../../pipeline/words/figures.js';
import { stageWords } from '../../../pipeline/words/stages.js';
import { unmarkedWords } from '../../../pipeline/words/unmarked.js';
import { visible } from '../../../pipeline/words/visible-text.js';
import { pad, truncate, truncatePath, wrap } from '../../display-width.js';
import { bySeverity, findingLines, severityCounts } from '../../finding-lines.js';
import { type Column, textTable } from '../../text-table.js';
import { thresholdTables } from '../../threshold-table.js';
import { isOfImages, type Model } from '../model.js';
import { shareBar } from '../parts/bar.js';
import { heading } from '../parts/heading.js';
import { scrolled } from '../parts/scrolled.js';
import type { ClassFigures } from '../run-state.js';
import { nameRoom, swatch } from './class-names.js';
import { drawGroups } from './groups.js';
import { confusion, imageBalance, imageScores } from './image-overview.js';
import { probe } from './probe.js';

/** The verdict, how the classes are balanced, what they score, what the rules found, splits and sources, notes: as it fits. */
export function drawOverview(model: Model, width: number, height: number): string[] {
  const lines = overviewLines(model, width, height);
  if (lines.length <= height) return lines;
  const { seen, below } = scrolled(lines, model.view.scroll, height - 1);
  return [...seen, model.theme.dim(below > 0 ? `  ${counted(below, 'more line')} below` : '  the end')];
}

/** All of its lines; parts stand apart where there is room for that. */
export function overviewLines(model: Model, width: number, height: number): string[] {
  const { run, subject, view, layout, theme } = model;
  const ofImages = isOfImages(model);
  const lit = layout.kind === 'panes' && view.page === 'overview' && view.over.length === 0;
  const blocks = [
    run.verdict === '' ? [] : wrap(run.verdict, width).map(theme.bold),
    ofImages ? imageBalance(model, width, lit) : balance(model, width, lit),
    !subject.scores ? weights(model, width) : ofImages ? imageScores(model, width) : scores(model, width),
    subject.scores && ofImages ? confusion(model, width) : [],
    probe(model, width),
    stages(model, width),
    rules(model, width),
    drawGroups(model, width),
    notes(model, width),
  ].filter((block) => block.length > 0);
  const apart = blocks.flatMap((block, i) => (i === 0 ? block : ['', ...block]));
  return apart.length <= height ? apart : blocks.flat();
}

/** A row of two bars a class: its share of the pixels and of the images. */
function balance({ run, theme }: Model, width: number, lit: boolean): string[] {
  const live = run.phase !== 'finished' && run.progress !== null;
  const about = live ? `of ${counted(run.progress?.done ?? 0, 'image')} so far` : '';
  const lines = [heading('Balance', about, width, theme, lit)];
  if (run.classes.length === 0) return [...lines, theme.dim('  no image yet')];
  const name = nameRoom(run.classes, width);
  const pixels = Math.max(...run.classes.map((c) => count(c.truthPixels).length));
  const counts = Math.max(...run.classes.map((c) => count(c.truthImages).length), 6);
  const SHARE = 7;
  const fixed = 2 + name + 2 * (1 + SHARE) + (1 + pixels) + 2 + (1 + counts);
  // Counts of pixels go before the bars do: shares say the same.
  const counted_ = fixed + 2 * 6 <= width;
  const barRoom = width - fixed + (counted_ ? 0 : 1 + pixels) - 2;
  const bar = Math.max(0, Math.min(24, Math.floor(barRoom / 2)));
  const cell = (text: string, columns: number) => ` ${pad(text, columns, 'end')}`;
  const gap = bar > 0 ? ' ' : '';
  const group = bar + gap.length - 1 + 1 + SHARE + (counted_ ? 1 + pixels : 0);
  lines.push(theme.dim(`  ${pad('class', name)} ${pad('pixels', group)}  ${'images'}`));
  for (const c of run.classes) {
    const paint = (text: string) => theme.ofClass(c.index, text);
    lines.push(
      `${swatch(theme, c.index)} ${pad(truncatePath(visible(c.key), name), name)}` +
        `${gap}${paint(shareBar(c.pixelShare, bar, theme))}${cell(share(c.pixelShare), SHARE)}${counted_ ? cell(count(c.truthPixels), pixels) : ''}` +
        ` ${gap}${paint(shareBar(c.imageShare, bar, theme))}${cell(share(c.imageShare), SHARE)}${cell(count(c.truthImages), counts)}`,
    );
  }
  return lines;
}

const column = (
  header: string,
  expendable: number,
  cell: (c: ClassFigures) => string,
  align: 'start' | 'end' = 'end',
): Column<ClassFigures> => ({ header, expendable, cell, align });

/** What the smoothed score is above the pooled one, `inflation` in summary.json. */
function inflation({ pooled, smoothed }: ClassFigures): number | null {
  return pooled === null || smoothed === null ? null : smoothed - pooled;
}

const SCORES: readonly Column<ClassFigures>[] = [
  column('class', 0, (c) => visible(c.key), 'start'),
  column('hit', 1, (c) => count(c.outcomes.hit)),
  column('miss', 0, (c) => count(c.outcomes.miss)),
  column('astray', 5, (c) => count(c.outcomes.disjoint)),
  column('alarm', 2, (c) => count(c.outcomes.false_alarm)),
  column('empty', 2, (c) => count(c.outcomes.empty)),
  column('IoU', 0, (c) => score(c.pooled)),
  column('95 % interval', 4, (c) => interval(c.interval)),
  column('smoothed', 0, (c) => score(c.smoothed)),
  column('gap', 3, (c) => signedScore(inflation(c))),
];

/** The honest score beside the naive one, and in words what empty masks made of the worst. */
function scores({ run, theme, subject }: Model, width: number): string[] {
  const classes = run.classes.filter(({ index }) => index > 0);
  if (classes.length === 0) return [];
  const final = run.phase === 'finished';
  const astray = classes.some((c) => c.outcomes.disjoint > 0);
  const columns = SCORES.filter(
    ({ header }) => (astray || header !== 'astray') && (final || header !== '95 % interval'),
  );
  const [header, ...rows] = textTable(columns, classes, width - 2);
  const lines = [heading('Scores', 'IoU pooled, IoU smoothed, and the gap', width, theme)];
  lines.push(`  ${theme.dim(header)}`, ...rows.map((row, i) => `${swatch(theme, classes[i].index)} ${row}`));
  // A score that is not defined is nothing that a smoothed one could stand for.
  const above = (c: ClassFigures) => (c.smoothed ?? 0) - (c.pooled ?? 0);
  const inflated = classes
    .filter((c) => above(c) > DEFAULT_THRESHOLDS.disagreement && c.outcomes.empty > 0)
    .sort((a, b) => above(b) - above(a))[0];
  if (inflated && subject.scores) {
    const words =
      `${visible(inflated.key)}: ${counted(inflated.outcomes.empty, 'image')} with it in neither mask ` +
      `${inflated.outcomes.empty === 1 ? 'counts' : 'count'} as perfect in the smoothed score.`;
    lines.push(...wrap(words, width - 2).map((line) => `  ${theme.severity('warning', line)}`));
  }
  const unmarked = unmarkedWords(run.engine, classes);
  if (unmarked !== null) lines.push(...wrap(unmarked, width - 2).map((line) => `  ${theme.dim(line)}`));
  return lines;
}

/** Of a hybrid, where its misses were made and what other thresholds would have cost. */
function stages({ run, theme, header }: Model, width: number): string[] {
  if (run.hybrid === null) return [];
  const keys = header?.classes ?? null;
  return [
    heading('Gate and segmenter', '', width, theme),
    ...wrap(stageWords(run.hybrid, keys), width - 2).map((line) => `  ${line}`),
    ...thresholdTables(run.hybrid, keys, width - 2).map((line) => `  ${line}`),
  ];
}

const WEIGHTS: readonly Column<ClassFigures>[] = [
  column('class', 0, (c) => visible(c.key), 'start'),
  column('inverse', 0, (c) => factor(c.weights?.inverseFrequency ?? null)),
  column('median', 1, (c) => factor(c.weights?.medianFrequency ?? null)),
  column('effective', 2, (c) => factor(c.weights?.effectiveNumber ?? null)),
  column('ENet', 3, (c) => factor(c.weights?.enetLog ?? null)),
];

function weights({ run, theme }: Model, width: number): string[] {
  if (run.classes.every((c) => c.weights === null)) return [];
  const [header, ...rows] = textTable(WEIGHTS, run.classes, width - 2);
  return [
    heading('Class weights', 'proposed for the loss', width, theme),
    `  ${theme.dim(header)}`,
    ...rows.map((row, i) => `${swatch(theme, run.classes[i].index)} ${row}`),
  ];
}

/** A line for each rule that found something, the worst first. */
function rules(model: Model, width: number): string[] {
  const { findings, theme, subject, run } = model;
  const counts = findings.counts();
  const said = severityCounts(bySeverity(counts));
  const lines = [heading('Rules', said, width, theme)];
  if (counts.length === 0) {
    return [...lines, theme.dim(run.phase === 'finished' ? '  nothing was found' : '  nothing found yet')];
  }
  const colours = {
    bold: theme.bold,
    dim: theme.dim,
    command: theme.key,
    error: (text: string) => theme.severity('error', text),
    warning: (text: string) => theme.severity('warning', text),
    info: (text: string) => theme.severity('info', text),
  };
  const titles = (isOfImages(model) && subject.titlesOfImages) || subject.titles;
  const rows = findingLines(counts, titles, [], { width: width - 2, lines: counts.length, colours });
  return [...lines, ...rows.map((row) => `  ${row}`)];
}

function notes({ run, theme }: Model, width: number): string[] {
  if (run.notes.length === 0) return [];
  const lines = run.notes
    .flatMap((note) => wrap(visible(note), width - 2))
    .map((line) => `  ${truncate(line, width - 2)}`);
  return [heading('Notes', '', width, theme), ...lines];
}
