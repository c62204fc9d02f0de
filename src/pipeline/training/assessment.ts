import type { ClassSpec } from '../dataset/dataset.js';
import { type Calibration, startCalibration } from '../metrics/detection/calibration.js';
import {
  type PrecisionRecallPoint,
  precisionRecallCurve,
  type RocPoint,
  rocCurve,
} from '../metrics/detection/curves.js';
import { type ClassDetection, startDetection } from '../metrics/detection/detection.js';
import { fitTemperature, scaleByTemperature, TEMPERATURES } from '../metrics/detection/temperature.js';
import { decideClass } from '../model/answer.js';
import { score } from '../words/figures.js';
import { chooseOperatingPoint, type OperatingChoice } from './operating-point.js';
import { IGNORED } from './trainer.js';

/** What a trained classifier says of the validation images, and what was chosen by it. training.json holds it. */
export interface ClassifierAssessment {
  /** Validation images that could be read. */
  images: number;
  /** By the temperature and the thresholds that were chosen, as the exported model decides: rows truth, columns answers. */
  confusion: number[][];
  accuracy: number | null;
  /** Each class against the rest, in the order of the classes. */
  classes: (ClassDetection & { roc: RocPoint[]; precisionRecall: PrecisionRecallPoint[] })[];
  /** The one that the validation's likelihood is highest with; null where it can't tell: the model's own stays. */
  temperature: number | null;
  /** Of the most probable classes, before the temperature and with it. */
  calibration: { before: Calibration; after: Calibration };
  /** One for each sensitivity that was asked for. */
  operatingPoints: OperatingChoice[];
}

/** The answers of a pass over the validation. */
export interface Answers {
  /** N class indices, `IGNORED` for an image that can't be read. */
  labels: ArrayLike<number>;
  /** N x C. */
  probabilities: Float32Array;
}

/** Points of a curve that a plot shows. */
const MOST_POINTS = 120;

/** @param wanted sensitivities by class index */
export function assess(
  classes: readonly ClassSpec[],
  { labels, probabilities }: Answers,
  wanted: Readonly<Record<number, number>>,
): ClassifierAssessment {
  const width = classes.length;
  const read = Array.from(labels, (label, image) => ({ label, image })).filter(({ label }) => label !== IGNORED);
  const truth = read.map(({ label }) => label);
  const raw = read.map(({ image }) => probabilities.subarray(image * width, (image + 1) * width));
  const temperature = chooseTemperature(raw, truth);
  const scaled = raw.map((row) => scaleByTemperature(row, temperature ?? 1));

  const ranked = tally(classes, truth, scaled, scaled.map(mostProbable)).detection;
  const operatingPoints = Object.entries(wanted).map(([index, sensitivity]) =>
    chooseOperatingPoint(classes[Number(index)].key, sensitivity, ranked.ranking(Number(index))),
  );
  const decide = classes.map(({ key }) => operatingPoints.find((point) => point.class === key)?.threshold ?? null);
  const told = scaled.map((row) => decideClass({ kind: 'softmax', decide, threshold: 0 }, row));
  const { detection, confusion } = tally(classes, truth, scaled, told);
  const right = truth.filter((label, i) => told[i] === label).length;
  return {
    images: read.length,
    confusion,
    accuracy: read.length === 0 ? null : right / read.length,
    classes: detection.finish().classes.map((figures, c) => ({
      ...figures,
      roc: rocCurve(detection.ranking(c), MOST_POINTS),
      precisionRecall: precisionRecallCurve(detection.ranking(c), MOST_POINTS),
    })),
    temperature,
    calibration: { before: calibrationOf(raw, truth), after: calibrationOf(scaled, truth) },
    operatingPoints,
  };
}

/** What a user should know of what was chosen. */
export function doubtsOf({ classes, temperature, operatingPoints }: ClassifierAssessment): string[] {
  const doubts =
    temperature === null
      ? ["the validation can't tell a temperature: all of it is told right, or none of it better than by chance"]
      : [];
  for (const { class: key, wanted, threshold } of operatingPoints) {
    const { sensitivity } = classes.find((of) => of.key === key) as ClassDetection;
    if (threshold === null) doubts.push(`${key} is in no validation image: no threshold could be chosen for it`);
    else if (sensitivity !== null && sensitivity < wanted) {
      doubts.push(
        `${key}: a sensitivity of ${wanted} was wanted and ${score(sensitivity)} is reached, since another class with a threshold of its own ` +
          'takes some of its images',
      );
    }
  }
  return doubts;
}

/** At a bound of what is fitted there is no optimum: all answers are right, or they are worse than none. */
function chooseTemperature(rows: readonly Float32Array[], truth: readonly number[]): number | null {
  const flat = rows.flatMap((row) => [...row]);
  const fitted = rows.length === 0 ? null : fitTemperature(flat, truth);
  return fitted === null || TEMPERATURES.includes(fitted) ? null : fitted;
}

function tally(
  classes: readonly ClassSpec[],
  truth: readonly number[],
  rows: readonly number[][],
  told: readonly number[],
) {
  const detection = startDetection(classes);
  const confusion = classes.map(() => classes.map(() => 0));
  const only = (label: number) => classes.map(({ index }) => index === label);
  truth.forEach((label, i) => {
    confusion[label][told[i]]++;
    detection.add(only(label), rows[i], only(told[i]));
  });
  return { detection, confusion };
}

function calibrationOf(rows: readonly ArrayLike<number>[], truth: readonly number[]): Calibration {
  const calibration = startCalibration();
  truth.forEach((label, i) => {
    const row = Array.from(rows[i]);
    calibration.add(label, mostProbable(row), row);
  });
  return calibration.finish();
}

/** The first of equals. */
const mostProbable = (row: readonly number[]): number => row.indexOf(Math.max(...row));
