import type { EpochLog } from '../../pipeline/training/history.js';
import type { ClassScores } from '../../pipeline/training/scores.js';
import type { TrainResult } from '../../pipeline/training/train-request.js';
import { count, counted, score } from '../../pipeline/words/figures.js';
import { visible } from '../../pipeline/words/visible-text.js';
import type { Colours } from '../colours.js';
import { commandLine, resumeCommand } from '../command-line.js';
import { wrap } from '../display-width.js';
import { findingLines } from '../finding-lines.js';
import { SUMMARY_LINES, shownPath } from '../summary-text.js';
import { type Column, textTable } from '../text-table.js';
import { spent } from './train-lines.js';

/** What the closing words say beside the result. */
export interface TrainFacts {
  /** The call's dataset, absolute, and its words. */
  root: string;
  argv: readonly string[];
  /** Keys of the splits that the dataset has published and that are untouched by this training. */
  testSplit: string | null;
  epochs: number;
  titles: Readonly<Record<string, string>>;
  /** Folder that shown paths are relative to. */
  cwd: string;
  columns: number;
  colours: Colours;
}

/**
 * The closing words of a training, at most 12 lines: what came of it, how it was made, a table of the classes, the findings, where
 * the files are, and last the next command.
 */
export function trainSummary(result: TrainResult, facts: TrainFacts): string[] {
  const { columns, colours, cwd } = facts;
  const folder = shownPath(result.folder, cwd);
  const { engine, version, device } = result.trainer;
  const head = wrap(verdictOf(result, facts.epochs), columns).slice(0, 4).map(colours.bold);
  const how = `${counted(result.history.length, 'epoch')}, ${spent(result.seconds)}; ${visible(`${engine} (${version}) on ${device}`)}`;
  const tail = [
    `Files: ${visible(folder)} (${result.models.length > 0 ? 'model/, model.onnx, ' : ''}metrics.csv, training.json, tensorboard/)`,
    `Next:  ${colours.command(nextCommand(result, folder, facts))}`,
  ];
  const left = SUMMARY_LINES - head.length - 1 - tail.length;
  const log = result.best === null ? null : result.history[result.best];
  const room = left - (result.counts.length > 0 ? 1 : 0);
  const table = log === null ? [] : classTable(log, columns, room);
  const found = findingLines(result.counts, facts.titles, result.findings, {
    width: columns,
    lines: left - table.length,
    colours,
  });
  return [...head, how, ...table, ...found, ...tail];
}

/** The sentence that a training comes down to: first what is not what it seems. */
export function verdictOf({ end, history, best, monitor }: TrainResult, epochs: number): string {
  const stopped =
    end === 'interrupted' ? `Interrupted after ${count(history.length)} of ${counted(epochs, 'epoch')}. ` : '';
  if (best === null) return `${stopped}No epoch was finished.`;
  const { epoch, val } = history[best];
  const classes = val.classes.slice(1);
  const doubts = classes.flatMap((scores) => doubtOf(scores, val.images));
  const judged = classes.filter(({ truthImages }) => truthImages > 0);
  const weakest = judged.toSorted((a, b) => (a.iou.pooled ?? 0) - (b.iou.pooled ?? 0))[0];
  const weak =
    weakest === undefined
      ? ''
      : `, ${visible(weakest.key)} the weakest class with an IoU of ${score(weakest.iou.pooled)}`;
  const why = monitor.name === 'val_mean_dice' ? '' : `, the best by ${visible(monitor.name)}`;
  const scored = `Mean Dice ${score(val.meanDice.pooled)} in validation${weak} (epoch ${epoch} of ${history.length}${why}).`;
  return `${stopped}${[...doubts, scored].join(' ')}`;
}

/** A class whose score says nothing, or that is not predicted. */
function doubtOf({ key, iou, truthImages, predictedPixels, emptyPerfect }: ClassScores, images: number): string[] {
  const name = visible(key);
  if (truthImages === 0) {
    const perfect =
      predictedPixels === 0 && images > 0
        ? ` (its smoothed IoU of 1.0000 is made of ${counted(emptyPerfect, 'empty image')})`
        : '';
    return [`${name} never reached the validation${perfect}.`];
  }
  if (predictedPixels > 0) return [];
  const naive = emptyPerfect > 0 ? `, of which smoothing would make ${score(iou.imageMeanSmoothed)}` : '';
  return [`${name} is predicted nowhere in validation: its IoU is ${score(iou.pooled)}${naive}.`];
}

interface Row {
  train: ClassScores;
  val: ClassScores;
}

const column = (header: string, expendable: number, cell: (row: Row) => string): Column<Row> => ({
  ...{ header, expendable, cell },
  align: header === 'class' ? 'start' : 'end',
});

const COLUMNS: readonly Column<Row>[] = [
  column('class', 0, ({ val }) => visible(val.key)),
  column('images', 2, ({ val }) => count(val.truthImages)),
  column('train IoU', 1, ({ train }) => score(train.iou.pooled)),
  column('val IoU', 0, ({ val }) => score(val.iou.pooled)),
  column('smoothed', 1, ({ val }) => score(val.iou.imageMeanSmoothed)),
  column('val Dice', 3, ({ val }) => score(val.dice.pooled)),
];

/** A table of at most `lines` lines; where rows are left out they are the best ones, and the last line says how many. */
function classTable({ train, val }: EpochLog, columns: number, lines: number): string[] {
  const rows = val.classes.map((scores, c) => ({ train: train.classes[c], val: scores })).slice(1);
  if (lines < 2) return [];
  if (rows.length < lines) return textTable(COLUMNS, rows, columns);
  const worst = rows.toSorted((a, b) => (a.val.iou.pooled ?? 0) - (b.val.iou.pooled ?? 0)).slice(0, lines - 2);
  return [...textTable(COLUMNS, worst, columns), `+ ${count(rows.length - worst.length)} more in training.json`];
}

/** What is most likely wanted now: to see what the model does on images that it has not seen. */
function nextCommand({ end, models, counts }: TrainResult, folder: string, facts: TrainFacts): string {
  const { root, argv, testSplit, cwd } = facts;
  if (end === 'interrupted') return resumeCommand('train', argv, folder);
  const onnx = models.find((file) => file.endsWith('.onnx'));
  if (onnx === undefined) return commandLine(['maskaudit', 'explain', counts[0]?.rule ?? 'T001']);
  const split = testSplit === null ? [] : ['--split', testSplit];
  return commandLine(['maskaudit', 'audit', shownPath(root, cwd), '--model', shownPath(onnx, cwd), ...split]);
}
