import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/pipeline/random.js';
import { assess, doubtsOf } from '../../../src/pipeline/training/assessment.js';
import { IGNORED } from '../../../src/pipeline/training/trainer.js';

const CLASSES = ['healthy', 'covid', 'non-covid'].map((key, index) => ({ index, key, name: key, aliases: [] }));

/** Probabilities of covid; the rest is healthy's. */
const byCovid = (labels: number[], covid: number[]) => ({
  labels,
  probabilities: Float32Array.from(covid.flatMap((p) => [1 - p, p, 0])),
});

/** Images whose labels are drawn from what a model rightly says, and what it says with logits `times` too large. */
function drawn(times: number, images = 4000) {
  const random = createRandom('answers');
  const labels: number[] = [];
  const probabilities = new Float32Array(3 * images);
  for (let i = 0; i < images; i++) {
    const logits = [0, 1, 2].map(() => random.between(-2, 2));
    const powersOf = (by: number) => logits.map((logit) => Math.exp(by * logit));
    const share = (powers: number[]) => powers.map((power) => power / powers.reduce((sum, one) => sum + one, 0));
    const right = share(powersOf(1));
    const at = random.uniform();
    labels.push(at < right[0] ? 0 : at < right[0] + right[1] ? 1 : 2);
    probabilities.set(share(powersOf(times)), 3 * i);
  }
  return { labels, probabilities };
}

describe('what is chosen by the validation', () => {
  const labels = [1, 1, 1, 1, 0, 0, 0, 0];
  // 0.5 of float32 and its neighbours are exact.
  const answers = byCovid(labels, [0.875, 0.625, 0.375, 0.125, 0.5, 0.25, 0.0625, 0]);

  it('is the highest threshold with the wanted sensitivity, between the score that reaches it and the next', () => {
    const { operatingPoints, temperature } = assess(CLASSES, answers, { 1: 0.75 });
    const [{ threshold, given, ...asked }] = operatingPoints;
    expect(asked).toEqual({ class: 'covid', wanted: 0.75 });
    expect(given).toMatchObject({ counts: { tp: 3, fn: 1, fp: 1, tn: 3 }, sensitivity: 0.75, specificity: 0.75 });
    // A temperature moves probabilities and never their order here: the threshold lies between the same two images.
    const scaled = (p: number) => p ** (1 / temperature!) / (p ** (1 / temperature!) + (1 - p) ** (1 / temperature!));
    expect(threshold).toBeCloseTo((scaled(0.375) + scaled(0.25)) / 2, 6);
  });

  it('decides the answers that are counted', () => {
    const free = assess(CLASSES, answers, {});
    expect(free.confusion.slice(0, 2)).toEqual([
      [4, 0, 0],
      [2, 2, 0],
    ]);
    expect(free.accuracy).toBe(6 / 8);
    const { confusion, accuracy, classes } = assess(CLASSES, answers, { 1: 0.75 });
    expect(confusion.slice(0, 2)).toEqual([
      [3, 1, 0],
      [1, 3, 0],
    ]);
    expect(accuracy).toBe(6 / 8);
    expect(classes[1]).toMatchObject({ key: 'covid', sensitivity: 0.75, specificity: 0.75, precision: 0.75 });
    // What scores say does not depend on where they are cut: 13 of 16 pairs are in the right order.
    expect([free.classes[1].auc, classes[1].auc]).toEqual([13 / 16, 13 / 16]);
    expect(classes[1].confidence95.sensitivity?.[0]).toBeLessThan(0.75);
    expect(classes[1].roc.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
  });

  it('is the temperature that takes back what logits are too large by', () => {
    const { temperature, calibration } = assess(CLASSES, drawn(3), {});
    expect(temperature).toBeGreaterThan(2.8);
    expect(temperature).toBeLessThan(3.2);
    expect(calibration.before.ece).toBeGreaterThan(0.15);
    expect(calibration.after.ece).toBeLessThan(0.03);
    expect(calibration.after.nll).toBeLessThan(calibration.before.nll as number);
    expect(assess(CLASSES, drawn(1), {}).temperature).toBeCloseTo(1, 1);
  });

  it('is none where everything is told right: the more certain the better would have no end', () => {
    const found = assess(CLASSES, byCovid([1, 0], [0.9, 0.2]), { 1: 0.9 });
    expect(found).toMatchObject({ temperature: null, accuracy: 1 });
    expect(found.calibration.after).toEqual(found.calibration.before);
    expect(doubtsOf(found)).toEqual([expect.stringContaining("can't tell a temperature")]);
  });

  it('leaves out what could not be read', () => {
    const one = byCovid([1, IGNORED, 0], [0.75, 0.99, 0.5]);
    expect(assess(CLASSES, one, {})).toMatchObject({
      images: 2,
      confusion: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 0],
      ],
    });
    expect(assess(CLASSES, { labels: [], probabilities: new Float32Array() }, { 1: 0.9 })).toMatchObject({
      ...{ images: 0, accuracy: null, temperature: null },
      operatingPoints: [{ threshold: null, given: null }],
    });
  });

  it('is said of a class that no image has, and of one that another takes images from', () => {
    const found = assess(CLASSES, answers, { 2: 0.9 });
    expect(found.operatingPoints[0].threshold).toBeNull();
    expect(doubtsOf(found)).toEqual(['non-covid is in no validation image: no threshold could be chosen for it']);
    const contested = assess(
      CLASSES,
      {
        labels: [1, 1, 2, 0],
        probabilities: Float32Array.of(0.125, 0.5, 0.375, 0.25, 0.25, 0.5, 0.75, 0.125, 0.125, 0.875, 0.0625, 0.0625),
      },
      { 1: 1, 2: 1 },
    );
    expect(contested.confusion[1]).not.toEqual([0, 2, 0]);
    expect(doubtsOf(contested).join()).toContain('covid: a sensitivity of 1 was wanted and 0.0000 is reached');
  });
});
