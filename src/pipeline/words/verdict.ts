import { list } from '../checks/wording.js';
import { DEFAULT_THRESHOLDS } from '../dataset/dataset.js';
import type { ClassSummary, Summary } from '../summary.js';
import { count, counted, factor, score, share } from './figures.js';
import { imageBalanceVerdict, imageLostVerdict, imageScoreVerdict } from './image-verdict.js';
import { shortened, visible } from './visible-text.js';

/** What the verdict needs to know of the call beside its result. */
export interface VerdictOptions {
  /** Whether the run had a model or predictions to score. */
  scores: boolean;
  /** Keys of the classes that were asked for, null: every foreground class. */
  classes: readonly string[] | null;
  /** The encoding that the masks were read with; null or `auto` where none was stated. */
  maskEncoding: string | null;
  /** Input size of the model, null where there is none or it takes any size. */
  modelSize: { width: number; height: number } | null;
  /** Difference between a smoothed and a pooled score from which it is said; M001's threshold. */
  disagreement?: number;
}

export interface Verdict {
  kind: 'no-images' | 'unreadable' | 'lost' | 'unscored' | 'score' | 'balance';
  /** One to three sentences, safe to show, not broken into lines. */
  text: string;
  /** Key of the class that it speaks of, as it is in the summary. */
  class: string | null;
}

/** A name from a configuration may be of any length; a sentence may not. */
const shownKey = (c: ClassSummary) => shortened(visible(c.key), 32);

/** The classes that the text speaks of: those asked for, else all but background. */
export function spokenClasses(summary: Summary, keys: readonly string[] | null): ClassSummary[] {
  return summary.classes.filter((c) => (keys === null ? c.index > 0 : keys.includes(c.key)));
}

/** Scored images with the class in the truth. */
export function scoredPositives(c: ClassSummary): number {
  return c.outcomes.hit + c.outcomes.miss + c.outcomes.disjoint;
}

/**
 * Whether annotated pixels of the class exist and not one of them was there when the scores were made: its scores, if it has
 * any, are made of empty masks.
 */
export function isLost(c: ClassSummary, scores: boolean): boolean {
  return c.path.raw > 0 && (c.path.encoded === 0 || (scores && c.path.batch === 0));
}

/** The class's pixels from the file to the score, up to the step that lost them, and what lost them. */
function lossPath(c: ClassSummary, options: VerdictOptions): string {
  const { raw, encoded, resized, batch } = c.path;
  const encoding = options.maskEncoding;
  const size = options.modelSize;
  const steps: [name: string, pixels: number, cause: string][] = [
    ['raw', raw, ''],
    [
      'encoded',
      encoded,
      encoding && encoding !== 'auto' ? `lost by mask encoding ${visible(encoding)}` : 'lost where the masks were read',
    ],
  ];
  if (resized !== null) {
    const target = size ? `${size.width}x${size.height}` : "the model's size";
    steps.push(['resized', resized, `lost by resizing to ${target}`]);
  }
  steps.push(['scored', batch, 'no image that has it was scored']);
  const end = steps.findIndex(([, pixels]) => pixels === 0);
  const chain = steps.slice(0, end + 1).map(([name, pixels]) => `${name} ${count(pixels)}`);
  return `${chain.join(' -> ')}: ${steps[end][2]}`;
}

/** Lesions first, in the order of the classes: the lung that they lie in is lost with them, and is not what is looked for. */
function gravestFirst(a: ClassSummary, b: ClassSummary): number {
  return Number(a.key === 'lung') - Number(b.key === 'lung') || a.index - b.index;
}

/** Names of lost classes that one sentence can hold. */
const NAMED = 3;

function lostVerdict([c, ...others]: readonly ClassSummary[], options: VerdictOptions): string {
  const key = shownKey(c);
  const path = lossPath(c, options);
  const sentences: string[] = [];
  if (!options.scores) sentences.push(`${key} would never reach an evaluation: 0 of its pixels are left (${path}).`);
  else if (c.path.resized === 0 && c.path.encoded > 0) {
    sentences.push(`${key} never reached the model: 0 of its pixels are left at its input size (${path}).`);
  } else sentences.push(`${key} never reached the evaluation: 0 of its pixels were scored (${path}).`);
  const smoothed = c.iou.imageMeanSmoothed;
  if (smoothed !== null && c.emptyPerfect > 0) {
    const empty = counted(c.emptyPerfect, 'empty image');
    sentences.push(`Its smoothed IoU of ${score(smoothed)} is made of ${empty}.`);
  }
  if (others.length > 0) {
    const names = others.slice(0, NAMED).map(shownKey);
    if (others.length > NAMED) names.push(`${count(others.length - NAMED)} more`);
    sentences.push(`${list(names)} ${others.length === 1 ? 'is' : 'are'} lost too.`);
  }
  return sentences.join(' ');
}

/** What became of the images that have the class, in one clause. */
function positivesClause(c: ClassSummary): string {
  const positives = scoredPositives(c);
  const { miss, disjoint, false_alarm: alarms } = c.outcomes;
  const pixel = `predicted ${shownKey(c)} pixel`;
  const of = (n: number, one: string, many: string) =>
    `${count(n)} of ${counted(positives, 'positive image')} ${n === 1 ? one : many}`;
  if (miss === positives) {
    return positives === 1
      ? `the one positive image has no ${pixel}`
      : `none of ${count(positives)} positive images has a ${pixel}`;
  }
  if (miss > 0) return of(miss, `has no ${pixel}`, `have no ${pixel}`);
  if (disjoint > 0) return of(disjoint, 'is predicted beside the truth only', 'are predicted beside the truth only');
  const found =
    positives === 1 ? 'the one positive image is a hit' : `all ${count(positives)} positive images are hits`;
  return alarms === 0 ? `${found}, no false alarm` : `${found}, ${counted(alarms, 'false alarm')}`;
}

function scoreVerdict(c: ClassSummary, summary: Summary, options: VerdictOptions): string {
  const key = shownKey(c);
  const smoothed = c.iou.imageMeanSmoothed;
  const empty = counted(c.emptyPerfect, 'empty image');
  const counts = c.emptyPerfect === 1 ? 'counts' : 'count';
  const made = (c.iou.pooled ?? 0) < DEFAULT_THRESHOLDS.pooledFloor ? 'made it' : `${counts} as perfect in it`;
  const inflation = `A smoothed score would say ${score(smoothed)}: ${empty} ${made}.`;
  if (scoredPositives(c) === 0) {
    const alarms = c.outcomes.false_alarm;
    const predicted = alarms === 0 ? '' : `, and ${counted(alarms, 'false alarm')}`;
    const scored = counted(summary.scored, 'scored image');
    const none = `${key} has no annotated pixel in ${scored}${predicted}: its IoU says nothing.`;
    return smoothed === null || c.emptyPerfect === 0 ? none : `${none} ${inflation}`;
  }
  const pooled = `${key}: IoU ${score(c.iou.pooled)} pooled; ${positivesClause(c)}.`;
  const threshold = options.disagreement ?? DEFAULT_THRESHOLDS.disagreement;
  return c.emptyPerfect > 0 && c.inflation !== null && c.inflation > threshold ? `${pooled} ${inflation}` : pooled;
}

/** Pixels of the most frequent class over those of this one (B002's ratio). */
function imbalance(c: ClassSummary, summary: Summary): { name: string; ratio: number } {
  const top = summary.classes.reduce((most, other) => (other.truth.pixels > most.truth.pixels ? other : most));
  return { name: shownKey(top), ratio: top.truth.pixels / c.truth.pixels };
}

function balanceVerdict(c: ClassSummary, summary: Summary): string {
  const key = shownKey(c);
  if (c.truth.pixels === 0) return `${key} occurs in none of the ${counted(summary.images, 'image')}.`;
  const { name, ratio } = imbalance(c, summary);
  const rarer = ratio < 1.1 ? '' : `, ${factor(Number(ratio.toPrecision(3)))} times fewer than ${name}`;
  const where = `in ${share(c.truth.imageShare)} of the images`;
  const balance = `${key} is ${share(c.truth.pixelShare)} of the pixels${rarer}, ${where}.`;
  const weight = c.weights.inverseFrequency;
  if (weight === null || c.lossShare.inverseFrequency === null) return balance;
  const lifted = share(c.lossShare.inverseFrequency);
  return `${balance} An inverse-frequency weight of ${factor(weight)} gives it ${lifted} of the loss.`;
}

/** By pooled IoU, the worst first; classes without one last. */
export function worstFirst(a: ClassSummary, b: ClassSummary): number {
  return (a.iou.pooled ?? 2) - (b.iou.pooled ?? 2);
}

/** The sentence about one class: that it was lost on the way, else its score, else its balance. */
export function classVerdict(c: ClassSummary, summary: Summary, options: VerdictOptions): string {
  const { lost, scored, balance } = sentences(summary, options);
  if (isLost(c, options.scores)) return lost([c]);
  return options.scores && summary.scored > 0 ? scored(c) : balance(c);
}

/** The three things to say of a class, of its pixels or, in a classifier's audit, of images as a whole. */
function sentences(summary: Summary, options: VerdictOptions) {
  if (summary.unit === 'image') {
    return {
      lost: imageLostVerdict,
      scored: (c: ClassSummary) => imageScoreVerdict(c, summary),
      balance: (c: ClassSummary) => imageBalanceVerdict(c, summary),
    };
  }
  return {
    lost: (classes: readonly ClassSummary[]) => lostVerdict(classes, options),
    scored: (c: ClassSummary) => scoreVerdict(c, summary, options),
    balance: (c: ClassSummary) => balanceVerdict(c, summary),
  };
}

/**
 * The first thing to say of a run: classes that never reached the evaluation, lesions first, before any score; then the worst
 * score among the classes asked for with what empty masks would have made of it; without scores, the balance of the rarest class.
 */
export function verdict(summary: Summary, options: VerdictOptions): Verdict {
  const classes = spokenClasses(summary, options.classes);
  const say = sentences(summary, options);
  if (summary.images === 0) return { kind: 'no-images', text: 'No image was measured.', class: null };
  const lost = classes.filter((c) => isLost(c, options.scores)).sort(gravestFirst);
  if (options.scores && summary.scored === 0) {
    const images = summary.images === 1 ? 'the one image has no' : `none of ${count(summary.images)} images has a`;
    const what = summary.unit === 'image' ? 'class and picture' : 'prediction and annotation';
    const text = `Nothing was scored: ${images} ${what} that could be read.`;
    return { kind: 'unscored', text, class: null };
  }
  if (summary.scored === 0 && summary.classes.every((c) => c.truth.pixels === 0)) {
    const images = summary.images === 1 ? 'The one image has no' : `None of the ${count(summary.images)} images has an`;
    return { kind: 'unreadable', text: `${images} annotation that could be read.`, class: null };
  }
  if (lost.length > 0) return { kind: 'lost', text: say.lost(lost), class: lost[0].key };
  if (options.scores) {
    const withTruth = classes.filter((c) => scoredPositives(c) > 0).sort(worstFirst);
    const spoken = withTruth[0] ?? classes[0];
    if (!spoken) return { kind: 'unscored', text: 'No class was asked for.', class: null };
    return { kind: 'score', text: say.scored(spoken), class: spoken.key };
  }
  const present = classes.filter((c) => c.truth.pixels > 0).sort((a, b) => a.truth.pixels - b.truth.pixels);
  const rarest = present[0] ?? classes[0];
  if (!rarest)
    return { kind: 'balance', text: `${counted(summary.images, 'image')}, no class but background.`, class: null };
  return { kind: 'balance', text: say.balance(rarest), class: rarest.key };
}
