import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodePng, PHOTO_EFFORT } from '../png/encode.js';
import { createRandom } from '../random.js';
import { addTally, emptyTally, type PredictionTally } from './manifest.js';
import { idOf, type Leaf, type Place, type Plan, pathOf, placeOf } from './plan.js';
import { type ErrorRates, type SimulatedPrediction, simulatePrediction } from './predict.js';
import { type PhantomSample, phantomSample } from './sample.js';

/** Where the files go, absolute, and what is predicted; plain data that a worker can be given. */
export interface Job {
  plan: Plan;
  dir: string;
  predictions: { dir: string; rates: ErrorRates } | null;
}

/** Images `from` to `to`, exclusive. */
export interface Range {
  from: number;
  to: number;
}

/** Makes and writes the images of a range, with their masks and predictions. */
export function makeRange(job: Job, { from, to }: Range): PredictionTally {
  const tally = emptyTally();
  for (let index = from; index < to; index++) {
    const place = placeOf(job.plan, index);
    const sample = sampleAt(job.plan, place);
    const files = encodeSample(job.plan, sample);
    for (const leaf of Object.keys(files) as Leaf[])
      writeFileSync(path.join(job.dir, pathOf(place, leaf)), files[leaf]);
    if (job.predictions) addTally(tally, writePrediction(job, place, predictionAt(job, place, sample)!));
  }
  return tally;
}

export function sampleAt(plan: Plan, { index, source }: Place): PhantomSample {
  return phantomSample(plan.seed, index, { ...plan, source });
}

/** The three files of an image, as they are without faults. */
export function encodeSample(plan: Plan, sample: PhantomSample): Record<Leaf, Buffer> {
  const isDrawn = sample.source === 'Non-COVID' && plan.nonCovidMasks;
  return {
    image: encodePng({ width: plan.size, height: plan.size, data: sample.image }, PHOTO_EFFORT),
    lung: encodeMask(sample.lungMask, plan.size),
    infection: encodeMask(isDrawn ? sample.nonCovidMask : sample.infectionMask, plan.size),
  };
}

/** A mask or label map as PNG. Most masks of a set are empty: that file is made once. */
export function encodeMask(data: Uint8Array, size: number): Buffer {
  if (empty?.size !== size) {
    const pixels = new Uint8Array(size * size);
    empty = { size, pixels, file: encodePng({ width: size, height: size, data: pixels }, { search: 'runs' }) };
  }
  return Buffer.compare(data, empty.pixels) === 0 ? empty.file : encodePng({ width: size, height: size, data });
}

let empty: { size: number; pixels: Uint8Array; file: Buffer } | null = null;

/** What is predicted for an image, null where nothing is simulated. */
export function predictionAt(
  { plan, predictions }: Job,
  { index }: Place,
  sample: PhantomSample,
): SimulatedPrediction | null {
  if (!predictions) return null;
  const { source, infectionMask, nonCovidMask, lungMask } = sample;
  const truth = source !== 'Non-COVID' ? infectionMask : plan.nonCovidMasks ? nonCovidMask : lungMask;
  return simulatePrediction(sample, truth, predictions.rates, createRandom('prediction', plan.seed, index));
}

/** Writes a label map under the image's id (its folder is there already) and gives what it counts for. */
export function writePrediction(
  { plan, predictions }: Job,
  place: Omit<Place, 'index'>,
  { labels, tally }: SimulatedPrediction,
): PredictionTally {
  writeFileSync(path.join(predictions!.dir, `${idOf(place)}.png`), encodeMask(labels, plan.size));
  return tally;
}
