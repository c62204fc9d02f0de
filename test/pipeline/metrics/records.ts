import type { ClassSpec, DatasetSpec } from '../../../src/pipeline/dataset/dataset.js';
import { DEFAULT_THRESHOLDS } from '../../../src/pipeline/dataset/dataset.js';
import type { ImageRecord } from '../../../src/pipeline/record.js';
import type { OracleImage } from './oracle.js';

export const KEYS = ['background', 'lung', 'covid', 'nonCovid', 'never'];

export function specsOf(keys: string[]): ClassSpec[] {
  return keys.map((key, index) => ({ index, key, name: key, aliases: [] }));
}

export function datasetOf(keys: string[]): DatasetSpec {
  return {
    layout: 'covid-qu-ex',
    subset: 'infection',
    classes: specsOf(keys),
    ignoreIndex: null,
    nonCovid: 'mask',
    maskEncoding: 'auto',
    patient: null,
    thresholds: DEFAULT_THRESHOLDS,
  };
}

/** C x C counts of two label maps. */
export function confusionOf(truth: number[], predicted: number[], classes: number): number[] {
  const confusion = new Array<number>(classes * classes).fill(0);
  for (let i = 0; i < truth.length; i++) confusion[truth[i] * classes + predicted[i]]++;
  return confusion;
}

export function histogramOf(labels: number[], classes: number): number[] {
  const histogram = new Array<number>(classes).fill(0);
  for (const label of labels) histogram[label]++;
  return histogram;
}

let made = 0;

/** A record with these counts; a truth without a confusion is unscored, neither is unreadable. */
export function record(parts: Partial<ImageRecord>): ImageRecord {
  const truth = parts.truth ?? null;
  const confusion = parts.confusion ?? null;
  return {
    index: made++,
    image: `image-${made}`,
    split: 'test',
    source: 'COVID-19',
    status: confusion ? 'scored' : truth ? 'unscored' : 'unreadable',
    width: null,
    height: null,
    imagePath: '',
    truthPath: '',
    predictionPath: '',
    truth,
    confusion,
    maxProbability: null,
    ...parts,
  };
}

export function recordOf({ split, source, truth, predicted }: OracleImage, classes: number): ImageRecord {
  return record({
    split,
    source,
    truth: truth && histogramOf(truth, classes),
    confusion: truth && predicted && confusionOf(truth, predicted, classes),
  });
}

/** An image of one positive class: tp, fp, fn of class `c` against background, in an image of `pixels`. */
export function binaryRecord(
  c: number,
  classes: number,
  tp: number,
  fp: number,
  fn: number,
  pixels: number,
): ImageRecord {
  const confusion = new Array<number>(classes * classes).fill(0);
  const truth = new Array<number>(classes).fill(0);
  confusion[c * classes + c] = tp;
  confusion[c] = fp;
  confusion[c * classes] = fn;
  confusion[0] = pixels - tp - fp - fn;
  truth[c] = tp + fn;
  truth[0] = pixels - tp - fn;
  return record({ truth, confusion });
}
