import { list } from '../checks/wording.js';
import type { ClassDetection } from '../metrics/detection/detection.js';
import type { ClassSummary, GroupSummary, Summary } from '../summary.js';
import { count, counted, factor, score, share } from './figures.js';
import { shortened, visible } from './visible-text.js';

/** A name from a configuration may be of any length; a sentence may not. */
const shownKey = (c: ClassSummary) => shortened(visible(c.key), 32);

/** How images of a class are told from the others; null where none is scored. */
export function detectionOf({ detection }: Pick<GroupSummary, 'detection'>, index: number): ClassDetection | null {
  return detection?.classes[index] ?? null;
}

/** What a classifier makes of a class's images, its own and the others, in one sentence. */
export function imageScoreVerdict(c: ClassSummary, summary: Summary): string {
  const key = shownKey(c);
  const found = detectionOf(summary, c.index);
  if (found === null) return `${key}: no image was scored.`;
  const { tp, fp, fn, tn } = found.counts;
  const alarms = fp === 0 ? 'no false alarm' : counted(fp, 'false alarm');
  if (tp + fn === 0) {
    return `${key}: none of ${counted(summary.scored, 'scored image')} is of it, with ${alarms}: its figures say little.`;
  }
  const parts = [
    `${count(tp)} of ${counted(tp + fn, 'image')} found (sensitivity ${score(found.sensitivity)})`,
    tn + fp === 0
      ? 'no other image to raise a false alarm'
      : `${alarms} among ${count(tn + fp)} others (specificity ${score(found.specificity)})`,
  ];
  if (found.auc !== null) parts.push(`AUC ${score(found.auc)}`);
  return `${key}: ${parts.join('; ')}.`;
}

/** Of classes whose images could not be scored, not one of them. */
export function imageLostVerdict([c, ...others]: readonly ClassSummary[]): string {
  const none = c.truth.images === 1 ? 'its one image was not' : `none of its ${count(c.truth.images)} images was`;
  const too =
    others.length === 0 ? '' : ` ${list(others.map(shownKey))} ${others.length === 1 ? 'is' : 'are'} lost too.`;
  return `${shownKey(c)} never reached the evaluation: ${none} scored.${too}`;
}

/** How frequent a class is among the images. */
export function imageBalanceVerdict(c: ClassSummary, summary: Summary): string {
  const key = shownKey(c);
  if (c.truth.images === 0) return `None of the ${counted(summary.images, 'image')} is ${key}.`;
  const top = summary.classes.reduce((most, other) => (other.truth.images > most.truth.images ? other : most));
  const ratio = top.truth.images / c.truth.images;
  const rarer = ratio < 1.1 ? '' : `, ${factor(Number(ratio.toPrecision(3)))} times fewer than ${shownKey(top)}`;
  const balance = `${key} is ${share(c.truth.imageShare)} of the images${rarer}.`;
  const weight = c.weights.inverseFrequency;
  if (weight === null || c.lossShare.inverseFrequency === null) return balance;
  return `${balance} An inverse-frequency weight of ${factor(weight)} gives it ${share(c.lossShare.inverseFrequency)} of the loss.`;
}
