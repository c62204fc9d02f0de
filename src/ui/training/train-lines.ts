import { type ClassScores, ofImages, type SplitScores } from '../../pipeline/training/scores.js';
import type { TrainEvent, TrainPlan, TrainProgress } from '../../pipeline/training/train-events.js';
import { count, counted, duration, factor, score } from '../../pipeline/words/figures.js';
import { visible } from '../../pipeline/words/visible-text.js';
import { paceWords } from '../progress-line.js';
import type { Pace } from '../rate-window.js';
import { remarks } from '../remarks.js';

/** Between a score and its smoothed form: what is less is not worth a word. */
const DIFFERS = 0.01;

/** Losses and rates: four significant digits. */
export const digits = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);

/** The lines that stay on stderr for an event of a training. */
export function trainRemarks(event: TrainEvent): string[] {
  switch (event.type) {
    case 'audit':
      return event.event.type === 'finished' ? auditLines(event.event.summary.findings) : remarks(event.event);
    case 'plan':
      return planLines(event.plan);
    case 'trainer': {
      const { engine, version, device, parameters, trainableParameters } = event.info;
      const learns = trainableParameters === parameters ? '' : `, ${count(trainableParameters)} of them learn`;
      return [visible(`${event.network} on ${engine} (${version}, ${device}): ${count(parameters)} weights${learns}`)];
    }
    case 'resumed':
      return [`resumed in epoch ${event.epoch}${event.step > 0 ? ` after step ${count(event.step)}` : ''}`];
    case 'epoch':
      return [epochLine(event)];
    case 'finding': {
      const { rule, severity, message } = event.finding;
      return [visible(`${rule} ${severity}: ${message}`)];
    }
    case 'note':
      return [`note: ${visible(event.message)}`];
    default:
      return [];
  }
}

function auditLines(findings: Readonly<Record<string, number>>): string[] {
  const found = Object.entries(findings).filter(([, n]) => n > 0);
  const rules = found.map(([rule, n]) => `${rule} ${count(n)}`).join(', ');
  return [`the data was audited: ${rules === '' ? 'nothing found' : rules}`];
}

function planLines({ classes, classWeights, weightsFrom, ...plan }: TrainPlan): string[] {
  const shown = plan.examples === plan.train ? '' : ` (shown as ${count(plan.examples)})`;
  const left = plan.leftOut.train + plan.leftOut.val;
  const lines = [
    `trains on ${counted(plan.train, 'image')}${shown}, validates on ${count(plan.val)}: ${counted(plan.epochs, 'epoch')} of ` +
      `${counted(plan.steps, 'step')} of ${plan.batch}${left > 0 ? `; ${counted(left, 'image')} can't be used` : ''}`,
  ];
  if (classWeights !== null) {
    const weights = classes.map((key, c) => `${visible(key)} ${factor(classWeights[c])}`).join(', ');
    lines.push(`class weights (${weightsFrom}): ${weights}`);
  }
  return lines;
}

function epochLine({ log, epochs, best }: TrainEvent & { type: 'epoch' }): string {
  const { train, val } = log;
  const scores = ofImages(val) ? imageWords(val) : pixelWords(train, val);
  const losses = `loss ${digits(train.loss ?? Number.NaN)}, validation ${digits(val.loss ?? Number.NaN)}`;
  return `epoch ${log.epoch}/${epochs}: ${losses}; ${scores}${best ? '; best so far' : ''}`;
}

function pixelWords(train: SplitScores, val: SplitScores): string {
  const classes = val.classes.slice(1).map(classWords).join(', ');
  return `mean Dice ${score(train.meanDice.pooled)}, validation ${meanWords(val)}; IoU ${classes}`;
}

/** A classifier's validation. */
function imageWords({ auc = null, accuracy, meanDice, classes }: SplitScores): string {
  const found = classes.map(({ key, detection }) => `${visible(key)} ${score(detection?.sensitivity ?? null)}`);
  return `AUC ${score(auc)}, accuracy ${score(accuracy)}, mean F1 ${score(meanDice.pooled)}; sensitivity ${found.join(', ')}`;
}

function meanWords({ meanDice }: SplitScores): string {
  return withSmoothed(meanDice.pooled, meanDice.imageMeanSmoothed);
}

function classWords({ key, iou }: ClassScores): string {
  return `${visible(key)} ${withSmoothed(iou.pooled, iou.imageMeanSmoothed)}`;
}

/** Whether the naive score is another one. */
export function differs(honest: number | null, smoothed: number | null): smoothed is number {
  return smoothed !== null && (honest === null || Math.abs(smoothed - honest) >= DIFFERS);
}

/** The honest score, and the naive one where it differs. */
export function withSmoothed(honest: number | null, smoothed: number | null): string {
  if (!differs(honest, smoothed)) return score(honest);
  return `${honest === null ? 'undefined' : score(honest)} (smoothed ${score(smoothed)})`;
}

/** `epoch 3/20, step 40/117: loss 0.4321, 33.1 images/s, 12 min left, rate 0.001, 1.2 GB`. */
export function progressWords(progress: TrainProgress, epochs: number, pace: Pace): string {
  const { pass, epoch, step, steps, meanLoss, learningRate, memoryBytes } = progress;
  const where = `epoch ${epoch}/${epochs}, ${pass === 'val' ? 'validation ' : ''}step ${count(step)}/${count(steps)}`;
  const words = [
    `loss ${digits(meanLoss)}`,
    ...paceWords(pace, 'images/s'),
    `rate ${digits(learningRate)}`,
    `${(memoryBytes / 1e9).toFixed(1)} GB`,
  ];
  return `${where}: ${words.join(', ')}`;
}

/** How long a training took. */
export const spent = (seconds: number): string => duration(seconds * 1000);
