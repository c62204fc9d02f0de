import type { Random } from '../random.js';
import { drawBlob } from './extent.js';
import { blendRow, createLattice, GRID, noiseField } from './field.js';
import { emptyTally, type OutcomeCounts, type PredictionTally } from './manifest.js';
import type { PhantomSample } from './sample.js';
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

/**
 * What a model with these error rates might answer. `truth` is the mask of the image's infection class: the opacities,
 * the consolidation, or the whole lung where a Non-COVID image's consolidation is not annotated; ignored for Normal
 * images.
 */
export function simulatePrediction(
  sample: PhantomSample,
  truth: Uint8Array,
  rates: ErrorRates,
  random: Random,
): SimulatedPrediction {
  const { size, source, lungMask } = sample;
  const draws = [
    random.chance(rates.missRate),
    random.chance(rates.falseAlarmRate),
    random.chance(rates.swapRate),
    random.chance(rates.disjointRate),
  ];
  const [isMissed, isAlarm, isSwapped, isDisjoint] = draws;
  const noCovid = rates.neverPredict === 'covid';
  const noNonCovid = rates.neverPredict === 'non-covid';

  const labels = new Uint8Array(size * size);
  const lungs = distort(lungMask, size, rates.noise * 0.6, random);
  for (let i = 0; i < labels.length; i++) if (lungs[i]) labels[i] = LABELS.lung;
  let swapped = 0;
  if (source === 'COVID-19' && !isMissed) {
    if (isSwapped && !noNonCovid) {
      paint(labels, distort(truth, size, rates.noise, random), lungMask, LABELS.nonCovid);
      swapped = 1;
    } else if (isDisjoint && !noCovid) paint(labels, drawBlob(random, lungMask, truth, size), null, LABELS.covid);
    else if (!noCovid) paint(labels, distort(truth, size, rates.noise, random), lungMask, LABELS.covid);
  }
  if (source === 'Non-COVID' && !isMissed && !noNonCovid) {
    // Where the whole lung is the class, a rim of healthy lung around it would be a false alarm in every image.
    if (truth === lungMask) labels.fill(0);
    paint(labels, truth === lungMask ? lungs : distort(truth, size, rates.noise, random), lungMask, LABELS.nonCovid);
  }
  if (source !== 'COVID-19' && isAlarm && !noCovid) {
    paint(labels, drawBlob(random, lungMask, null, size), null, LABELS.covid);
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
  for (let i = mask.indexOf(255); i !== -1 && i < mask.length; i++)
    if (mask[i] && (!within || within[i])) labels[i] = label;
}

/**
 * The mask with its outline moved in and out, here and there, by up to about 0.03 `noise` of the size; never all of it
 * gone.
 */
function distort(mask: Uint8Array, size: number, noise: number, random: Random): Uint8Array {
  const wavy = noiseField(random, 9);
  const level = 0.5 + random.between(-0.3, 0.3) * Math.min(1, noise * 2);
  const radius = Math.round(noise * 0.03 * size);
  if (radius < 1) return mask.slice();
  const box = boundingBox(mask, size);
  const soft = softenMask(mask, size, radius, box);
  const out = new Uint8Array(size * size);
  const lattice = createLattice(size);
  const row = new Float32Array(GRID);
  let overlap = 0;
  for (let y = Math.max(0, box.top - radius); y < Math.min(size, box.bottom + radius); y++) {
    blendRow(wavy, lattice, y, row);
    for (let x = Math.max(0, box.left - radius), i = y * size + x; x < Math.min(size, box.right + radius); x++, i++) {
      if (soft[i] === 0) continue;
      const k = lattice.nodes[x];
      if (soft[i] <= level + 0.3 * (row[k] + (row[k + 1] - row[k]) * lattice.fractions[x])) continue;
      out[i] = 255;
      if (mask[i]) overlap++;
    }
  }
  return overlap > 0 ? out : mask.slice();
}
