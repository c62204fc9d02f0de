import type { TrainResult } from '../../pipeline/training/train-request.js';
import { decisionWords } from '../../pipeline/words/classifier-words.js';
import { counted } from '../../pipeline/words/figures.js';
import { trainingVerdict } from '../../pipeline/words/training-verdict.js';
import { visible } from '../../pipeline/words/visible-text.js';
import type { Colours } from '../colours.js';
import { commandLine, resumeCommand } from '../command-line.js';
import { wrap } from '../display-width.js';
import { findingLines } from '../finding-lines.js';
import { SUMMARY_LINES, shownPath } from '../summary-text.js';
import { detectionTable, worstClasses } from './score-tables.js';
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

/** A temperature and a threshold or two; report.html has them all. */
const DECISION_LINES = 3;

/**
 * The closing words of a training, at most 12 lines: what came of it, how it was made, a table of the classes, the findings, where
 * the files are, and last the next command.
 */
export function trainSummary(result: TrainResult, facts: TrainFacts): string[] {
  const { columns, colours, cwd } = facts;
  const folder = shownPath(result.folder, cwd);
  const { engine, version, device } = result.trainer;
  const head = wrap(trainingVerdict(result, facts.epochs), columns).slice(0, 4).map(colours.bold);
  const how = `${counted(result.history.length, 'epoch')}, ${spent(result.seconds)}; ${visible(`${engine} (${version}) on ${device}`)}`;
  const tail = [
    `Files: ${visible(folder)} (${result.models.length > 0 ? 'model/, model.onnx, ' : ''}report.html, metrics.csv, training.json, tensorboard/)`,
    `Next:  ${colours.command(nextCommand(result, folder, facts))}`,
  ];
  const { classification } = result;
  const decided = classification
    ? wrap(`Answers: ${decisionWords(classification).join('; ')}`, columns).slice(0, DECISION_LINES)
    : [];
  const left = SUMMARY_LINES - head.length - 1 - decided.length - tail.length;
  const log = result.best === null ? null : result.history[result.best];
  const room = left - (result.counts.length > 0 ? 1 : 0);
  const table = classification
    ? detectionTable(classification.classes, columns, room)
    : log === null
      ? []
      : worstClasses(log, columns, room);
  const found = findingLines(result.counts, facts.titles, result.findings, {
    width: columns,
    lines: left - table.length,
    colours,
  });
  return [...head, how, ...table, ...decided, ...found, ...tail];
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
