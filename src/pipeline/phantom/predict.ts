import type { Random } from '../random.js';
import { createExpander, noiseField } from './field.js';
import { emptyTally, type OutcomeCounts, type PredictionTally } from './manifest.js';
import { type PhantomSample, smallestArea } from './sample.js';
import { boundingBox, softenMask } from './soften.js';

/** Shares of images (0..1) in which a simulated model errs. */
export interface ErrorRates {
  /** Of images with a class: nothing of it is predicted. */
  missRate: number;
  /** Of images without COVID-19: some is predicted. */
  falseAlarmRate: number;
  /** Of COVID-19 images that are not missed: predicted as non-COVID. */
  swapRate: number;
  /** Of COVID-19 images that are neither: predicted where it isn't. */
  disjointRate: number;
  /** How far outlines are off, 0 (not at all) to 1 (by some hundredths of the image's width). */
  noise: number;
  /** A class that the model never answers with, or null. */
  neverPredict: 'covid' | 'non-covid' | null;
}

export const LABELS = { background: 0, lung: 1, covid: 2, nonCovid: 3 } as const;

/** A label map of size x size, and what it comes to. */
export interface SimulatedPrediction {
  labels: Uint8Array;
  tally: PredictionTally;
}

/** What a model with these error rates might answer. */
export function simulatePrediction(sample: PhantomSample, rates: ErrorRates, random: Random): SimulatedPrediction {
  const { size, source, lungMask, infectionMask, nonCovidMask } = sample;
  const draws = [random.chance(rates.missRate), random.chance(rates.falseAlarmRate), random.chance(rates.swapRate), random.chance(rates.disjointRate)];
  const [isMissed, isAlarm, isSwapped, isDisjoint] = draws;
  const noCovid = rates.neverPredict === 'covid';
  const noNonCovid = rates.neverPredict === 'non-covid';

  const labels = new Uint8Array(size * size);
  const lungs = distort(lungMask, size, rates.noise * 0.6, random);
  for (let i = 0; i < labels.length; i++) if (lungs[i]) labels[i] = LABELS.lung;
  const isUndrawn = source === 'Non-COVID' && !nonCovidMask.includes(255);
  const truth = source === 'Non-COVID' ? (isUndrawn ? lungMask : nonCovidMask) : infectionMask;
  let swapped = 0;
  if (source === 'COVID-19' && !isMissed) {
    if (isSwapped && !noNonCovid) {
      paint(labels, distort(truth, size, rates.noise, random), lungMask, LABELS.nonCovid);
      swapped = 1;
    } else if (isDisjoint && !noCovid) paint(labels, blobBeside(sample, truth, random), null, LABELS.covid);
    else if (!noCovid) paint(labels, distort(truth, size, rates.noise, random), lungMask, LABELS.covid);
  }
  if (source === 'Non-COVID' && !isMissed && !noNonCovid) {
    paint(labels, isUndrawn ? lungs : distort(truth, size, rates.noise, random), lungMask, LABELS.nonCovid);
  }
  if (source !== 'COVID-19' && isAlarm && !noCovid) {
    paint(labels, blobBeside(sample, new Uint8Array(size * size), random), null, LABELS.covid);
  }

  const tally = emptyTally();
  tally.images = 1;
  tally.swapped = swapped;
  tally.covid[outcomeOf(labels, LABELS.covid, source === 'COVID-19' ? truth : null)]++;
  tally.nonCovid[outcomeOf(labels, LABELS.nonCovid, source === 'Non-COVID' ? truth : null)]++;
  return { labels, tally };
}

function outcomeOf(labels: Uint8Array, label: number, truth: Uint8Array | null): keyof OutcomeCounts {
  let predicted = 0;
  let overlap = 0;
  for (let i = labels.indexOf(label); i !== -1 && i < labels.length; i++) {
    if (labels[i] !== label) continue;
    predicted++;
    if (truth?.[i]) overlap++;
  }
  const isPositive = truth?.includes(255) ?? false;
  if (overlap > 0) return 'hit';
  if (predicted === 0) return isPositive ? 'miss' : 'empty';
  return isPositive ? 'disjoint' : 'false_alarm';
}

/** Labels the mask's pixels that lie in the lungs, which are given or anywhere. */
function paint(labels: Uint8Array, mask: Uint8Array, within: Uint8Array | null, label: number): void {
  for (let i = mask.indexOf(255); i !== -1 && i < mask.length; i++) if (mask[i] && (!within || within[i])) labels[i] = label;
}

/** The mask with its outline moved in and out, here and there, by up to about 0.03 `noise` of the size; never all of it gone. */
function distort(mask: Uint8Array, size: number, noise: number, random: Random): Uint8Array {
  const wavy = noiseField(random, 9);
  const level = 0.5 + random.between(-0.3, 0.3) * Math.min(1, noise * 2);
  const radius = Math.round(noise * 0.03 * size);
  if (radius < 1) return mask.slice();
  const box = boundingBox(mask, size);
  const soft = softenMask(mask, size, radius, box);
  const out = new Uint8Array(size * size);
  const row = new Float32Array(size);
  const { expand } = createExpander(size);
  let overlap = 0;
  for (let y = Math.max(0, box.top - radius); y < Math.min(size, box.bottom + radius); y++) {
    expand(wavy, y, row);
    for (let x = Math.max(0, box.left - radius), i = y * size + x; x < Math.min(size, box.right + radius); x++, i++) {
      if (soft[i] <= level + 0.3 * row[x] || soft[i] === 0) continue;
      out[i] = 255;
      if (mask[i]) overlap++;
    }
  }
  return overlap > 0 ? out : mask.slice();
}

/** A round blob in the lungs that touches no pixel of `avoid`; where they have no room for one, in the corner of the image. */
function blobBeside({ size, lungMask }: PhantomSample, avoid: Uint8Array, random: Random): Uint8Array {
  const box = boundingBox(lungMask, size);
  for (let attempt = 0; attempt < 12; attempt++) {
    const x = random.integer(box.left, box.right);
    const y = random.integer(box.top, box.bottom);
    const blob = disc(size, x, y, random.between(0.035, 0.08) * size, (i) => lungMask[i] !== 0 && avoid[i] === 0);
    if (blob.area >= smallestArea(size)) return blob.mask;
  }
  return disc(size, 0, size - 1, 0.09 * size, (i) => avoid[i] === 0).mask;
}

function disc(size: number, x: number, y: number, radius: number, accepts: (i: number) => boolean): { mask: Uint8Array; area: number } {
  const mask = new Uint8Array(size * size);
  let area = 0;
  for (let j = Math.max(0, Math.ceil(y - radius)); j <= Math.min(size - 1, y + radius); j++) {
    for (let i = Math.max(0, Math.ceil(x - radius)); i <= Math.min(size - 1, x + radius); i++) {
      if ((i - x) ** 2 + (j - y) ** 2 > radius * radius || !accepts(j * size + i)) continue;
      mask[j * size + i] = 255;
      area++;
    }
  }
  return { mask, area };
}
