import { DEFAULT_THRESHOLDS } from '../../../../pipeline/dataset/dataset.js';
import type { EpochLog } from '../../../../pipeline/training/history.js';
import { type ClassScores, ofImages } from '../../../../pipeline/training/scores.js';
import { decisionWords } from '../../../../pipeline/words/classifier-words.js';
import { count, counted, factor, score, share } from '../../../../pipeline/words/figures.js';
import { visible } from '../../../../pipeline/words/visible-text.js';
import { truncate, wrap } from '../../../display-width.js';
import { heading } from '../../../screen/parts/heading.js';
import { scrolled } from '../../../screen/parts/scrolled.js';
import type { Theme } from '../../../screen/theme.js';
import { type Column, textTable } from '../../../text-table.js';
import { classTable } from '../../score-tables.js';
import { withSmoothed } from '../../train-lines.js';
import type { TrainModel } from '../train-model.js';
import { bestOf } from '../train-state.js';

/** The verdict, the scores of the last and the best epoch, class weights, and what was said: scrolled where it is longer. */
export function drawScores(model: TrainModel, width: number, height: number): string[] {
  const lines = scoreLines(model, width, height);
  if (lines.length <= height) return lines;
  const { seen, below } = scrolled(lines, model.view.scroll, height - 1);
  return [...seen, model.theme.dim(below > 0 ? `  ${counted(below, 'more line')} below` : '  the end')];
}

/** All of its lines; parts stand apart where there is room for that. */
export function scoreLines(model: TrainModel, width: number, height: number): string[] {
  const { state, theme, view, layout } = model;
  const lit = layout.kind === 'panes' && view.page === 'scores' && view.over.length === 0;
  const blocks = [
    state.verdict === '' ? [] : wrap(state.verdict, width).map(theme.bold),
    ...epochs(model, width, lit),
    ...answers(model, width),
    classes(model, width),
    notes(model, width),
  ].filter((block) => block.length > 0);
  const apart = blocks.flatMap((block, i) => (i === 0 ? block : ['', ...block]));
  return apart.length <= height ? apart : blocks.flat();
}

/** The last epoch, and the best one where it is another. */
function epochs({ state, theme }: TrainModel, width: number, lit: boolean): string[][] {
  const last = state.history.at(-1);
  if (last === undefined) {
    return [[heading('Scores', '', width, theme, lit), theme.dim('  no epoch has ended yet')]];
  }
  const best = bestOf(state);
  const isBest = best?.log.epoch === last.epoch;
  const by = best === null ? '' : `by ${visible(state.plan?.monitor ?? '')}, ${factor(best.value)}`;
  const blocks = [epoch(`Epoch ${last.epoch}${isBest ? ', the best' : ''}`, isBest ? by : '', last, width, theme, lit)];
  if (best !== null && !isBest) blocks.push(epoch(`Best: epoch ${best.log.epoch}`, by, best.log, width, theme, false));
  return blocks;
}

function epoch(name: string, about: string, log: EpochLog, width: number, theme: Theme, lit: boolean): string[] {
  const { train, val } = log;
  const [header, ...rows] = classTable(log, width - 2);
  const [learned, told] = [train, val].map(({ meanDice }) => score(meanDice.pooled));
  const means = ofImages(val)
    ? `mean of the classes: AUC ${score(val.auc ?? null)}, F1 ${told} (train ${learned})`
    : `mean Dice: train ${learned}, validation ${withSmoothed(val.meanDice.pooled, val.meanDice.imageMeanSmoothed)}`;
  return [
    heading(name, about, width, theme, lit),
    `  ${theme.dim(header)}`,
    ...rows.map((row, i) => `${swatch(theme, ofImages(val) ? i : i + 1)} ${row}`),
    ...wrap(means, width - 2).map((line) => `  ${line}`),
    `  ${truncate(`accuracy: train ${score(train.accuracy)}, validation ${score(val.accuracy)}`, width - 2)}`,
    ...(ofImages(val) ? [] : inflated(val.classes)).flatMap((words) =>
      wrap(words, width - 2).map((line) => `  ${theme.severity('warning', line)}`),
    ),
  ];
}

/** In words what empty masks made of the class whose naive score is furthest above the honest one. */
function inflated(scores: readonly ClassScores[]): string[] {
  const above = ({ iou }: ClassScores) => (iou.imageMeanSmoothed ?? 0) - (iou.pooled ?? 0);
  const worst = scores
    .slice(1)
    .filter((one) => above(one) > DEFAULT_THRESHOLDS.disagreement && one.emptyPerfect > 0)
    .sort((a, b) => above(b) - above(a))[0];
  if (worst === undefined) return [];
  const { key, emptyPerfect, iou } = worst;
  const counts = `${counted(emptyPerfect, 'image')} with it in neither mask ${emptyPerfect === 1 ? 'counts' : 'count'}`;
  return [`${visible(key)}: ${counts} as perfect in the smoothed IoU ${score(iou.imageMeanSmoothed)}.`];
}

/** What became of the validation images of each class, and how the exported model decides. */
function answers({ state: { classification, plan }, theme }: TrainModel, width: number): string[][] {
  if (classification === null || plan === null) return [];
  const columns: Column<{ key: string; told: number[] }>[] = [
    { header: 'is', expendable: 0, align: 'start', cell: ({ key }) => visible(key) },
    ...plan.classes.map(
      (key, c): Column<{ key: string; told: number[] }> => ({
        ...{ header: visible(key), expendable: 1, align: 'end' },
        cell: ({ told }) => count(told[c]),
      }),
    ),
  ];
  const rows = plan.classes.map((key, c) => ({ key, told: classification.confusion[c] }));
  const [header, ...lines] = textTable(columns, rows, width - 2);
  return [
    [
      heading('Confusion', 'validation, columns: what is told', width, theme),
      `  ${theme.dim(header)}`,
      ...lines.map((line, c) => `${swatch(theme, c)} ${line}`),
    ],
    [
      heading('Answers', '', width, theme),
      ...decisionWords(classification)
        .flatMap((words) => wrap(words, width - 2))
        .map((line) => `  ${line}`),
    ],
  ];
}

const swatch = (theme: Theme, index: number) => (index === 0 ? ' ' : theme.ofClass(index, theme.unicode ? '■' : '*'));

interface ClassRow {
  key: string;
  pixels: number;
  share: number | null;
  weight: number | null;
}

const column = (header: string, expendable: number, cell: (row: ClassRow) => string): Column<ClassRow> => ({
  ...{ header, expendable, cell },
  align: header === 'class' ? 'start' : 'end',
});

const CLASS_COLUMNS = [
  column('class', 0, ({ key }) => visible(key)),
  column('pixels', 1, ({ pixels }) => count(pixels)),
  column('share', 0, (row) => share(row.share)),
  column('weight', 0, ({ weight }) => factor(weight)),
];

/** What is learned from: how the classes are balanced, and their weights in the loss. */
function classes({ state: { plan }, theme }: TrainModel, width: number): string[] {
  if (plan === null) return [];
  const all = plan.trainPixels.reduce((sum, pixels) => sum + pixels, 0);
  const rows = plan.classes.map((key, c) => ({
    key,
    pixels: plan.trainPixels[c],
    share: all === 0 ? null : plan.trainPixels[c] / all,
    weight: plan.classWeights?.[c] ?? null,
  }));
  const what = plan.task === 'classification' ? 'images' : 'pixels';
  const shown = plan.classWeights === null ? CLASS_COLUMNS.slice(0, 3) : CLASS_COLUMNS;
  const columns = shown.map((one) => (one.header === 'pixels' ? { ...one, header: what } : one));
  const [header, ...lines] = textTable(columns, rows, width - 2);
  const about = plan.classWeights === null ? 'no class weights' : `weights: ${visible(plan.weightsFrom)}`;
  return [
    heading(`Training ${what}`, about, width, theme),
    `  ${theme.dim(header)}`,
    ...lines.map((line, c) => `${swatch(theme, c)} ${line}`),
  ];
}

function notes({ state, theme }: TrainModel, width: number): string[] {
  if (state.notes.length === 0) return [];
  const lines = state.notes.flatMap((note) => wrap(note, width - 2)).map((line) => `  ${truncate(line, width - 2)}`);
  return [heading('Said on the way', '', width, theme), ...lines];
}
