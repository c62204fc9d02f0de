import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startCalibration } from '../../../../src/pipeline/metrics/detection/calibration.js';
import { precisionRecallCurve, rocCurve } from '../../../../src/pipeline/metrics/detection/curves.js';
import { startDetection } from '../../../../src/pipeline/metrics/detection/detection.js';
import { aucDifference } from '../../../../src/pipeline/metrics/detection/paired-difference.js';
import { reliability } from '../../../../src/pipeline/metrics/detection/reliability.js';
import { fitTemperature, scaleByTemperature } from '../../../../src/pipeline/metrics/detection/temperature.js';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../../fixtures/reference/${name}`, import.meta.url), 'utf8'));
const { labels, hundredths }: { labels: number[]; hundredths: number[][] } = read('predictions.json');
const theirs = read('detection.json');
const probabilities = hundredths.map((row) => row.map((x) => x / 100));
const predicted = probabilities.map((row) => row.indexOf(Math.max(...row)));
const oneHot = (label: number) => [0, 1, 2].map((c) => (c === label ? 1 : 0));

/** Every number of the reference is there, and as near as told. */
function compare(ours: unknown, reference: unknown, tolerance: (path: string) => number, path = ''): void {
  if (typeof reference === 'number') {
    expect(ours, path).toBeTypeOf('number');
    expect(Math.abs((ours as number) - reference), path).toBeLessThanOrEqual(tolerance(path));
    return;
  }
  const entries = Object.entries(reference as object);
  if (Array.isArray(reference)) expect(ours, path).toHaveLength(reference.length);
  for (const [key, value] of entries)
    compare((ours as Record<string, unknown>)[key], value, tolerance, `${path}/${key}`);
}

describe('figures of detection are those of scikit-learn, scipy and confidenceinterval on the same predictions', () => {
  const tally = startDetection([{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
  labels.forEach((label, i) => {
    tally.add(oneHot(label), probabilities[i], oneHot(predicted[i]));
  });
  const figures = tally.finish();

  it.each([0, 1, 2])('class %i: counts, rates, areas, intervals', (c) => {
    const { rocCurve: _, precisionRecallCurve: __, ...scalars } = theirs.classes[c];
    expect(Object.keys(scalars)).toHaveLength(10);
    compare(figures.classes[c], scalars, (path) => (path.startsWith('/confidence95/auc') ? 1e-6 : 1e-12));
    expect(figures.classes[c].ranked).toBe(labels.length);
  });
  it.each([0, 1, 2])('class %i: its ROC points are among theirs, and theirs on the lines between them', (c) => {
    const { thresholds, fpr, tpr } = theirs.classes[c].rocCurve as Record<string, number[]>;
    const [start, ...roc] = rocCurve(tally.ranking(c));
    expect(start).toEqual({ threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 });
    expect(roc.length).toBeLessThan(thresholds.length);
    for (const { threshold, falsePositiveRate, truePositiveRate } of roc) {
      const k = thresholds.indexOf(threshold);
      expect([falsePositiveRate, truePositiveRate]).toEqual([fpr[k], tpr[k]]);
    }
    thresholds.forEach((threshold, k) => {
      const next = roc.findIndex((point) => point.threshold <= threshold);
      const [from, to] = [roc[next - 1] ?? start, roc[next]];
      const across = (fpr[k] - from.falsePositiveRate) * (to.truePositiveRate - from.truePositiveRate);
      const up = (tpr[k] - from.truePositiveRate) * (to.falsePositiveRate - from.falsePositiveRate);
      expect(Math.abs(across - up)).toBeLessThan(1e-15);
    });
  });
  it.each([0, 1, 2])('class %i: precision and recall, point by point', (c) => {
    const curve = precisionRecallCurve(tally.ranking(c));
    const ours = {
      thresholds: curve.map(({ threshold }) => threshold),
      precision: curve.map(({ precision }) => precision),
      recall: curve.map(({ recall }) => recall),
    };
    compare(ours, theirs.classes[c].precisionRecallCurve, () => 1e-12);
  });
  it.each([0, 1, 2])('class %i: the difference of two areas of the same images', (c) => {
    const scores = hundredths.map((row) => row[c]);
    const ours = aucDifference(
      labels.map((label) => label === c),
      scores,
      scores.map((score) => Math.floor(score / 10)),
    );
    compare(ours, theirs.paired[c], () => 1e-6);
    expect(ours.value).not.toBe(0);
  });
  it('calibration error, Brier score, log loss', () => {
    const calibration = startCalibration();
    labels.forEach((label, i) => {
      calibration.add(label, predicted[i], probabilities[i]);
    });
    const ours = calibration.finish();
    compare(ours, theirs.calibration, () => 1e-12);
    const { ece, mce, bins } = reliability(
      probabilities.map((row) => Math.max(...row)),
      labels.map((label, i) => label === predicted[i]),
    );
    expect({ ece, mce, bins }).toEqual({ ece: ours.ece, mce: ours.mce, bins: ours.bins });
  });
  it('temperature', () => {
    const rows = hundredths.map((row) => row.map((x) => (x + 1) / 103));
    const value = fitTemperature(rows.flat(), labels)!;
    const nll =
      rows.reduce((sum, row, i) => sum - Math.log(scaleByTemperature(row, value)[labels[i]]), 0) / rows.length;
    compare({ value, nll, first: scaleByTemperature(rows[0], value) }, theirs.temperature, () => 1e-6);
  });
});
