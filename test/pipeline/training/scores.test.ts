import { describe, expect, it } from 'vitest';
import { createKernels } from '../../../src/pipeline/kernels/load.js';
import { createRandom } from '../../../src/pipeline/random.js';
import { startTally } from '../../../src/pipeline/training/scores.js';
import type { TrainBatch } from '../../../src/pipeline/training/trainer.js';

const classes = ['background', 'lung', 'covid'].map((key, index) => ({ index, key, name: key, aliases: [] }));
const kernels = createKernels();
const tallyOf = (...batches: [TrainBatch, number, Uint8Array][]) => {
  const tally = startTally(kernels, { classes }, 2);
  for (const batch of batches) tally.add(...batch);
  return tally;
};

/** One-row images. */
const batch = (...images: number[][]): TrainBatch => ({
  count: images.length,
  images: new Float32Array(),
  labels: Uint8Array.from(images.flat()),
});

describe('the scores of a pass', () => {
  it('are those of the audit: pooled, and smoothed beside it', () => {
    const { classes: found, ...scores } = tallyOf(
      [batch([0, 1, 1, 2], [0, 0, 1, 1]), 0.5, Uint8Array.from([0, 1, 0, 0, 0, 0, 1, 1])],
      [batch([0, 0, 0, 0]), 0.2, Uint8Array.from([0, 0, 0, 0])],
    ).scores();
    const [, lung, covid] = found;
    expect(lung.iou.pooled).toBeCloseTo(3 / 4, 12);
    expect(lung.iou.imageMeanSmoothed).toBeCloseTo((1 / 2 + 1 + 1) / 3, 4);
    expect(covid.iou).toMatchObject({ pooled: 0, absentAsZero: 0 });
    expect(covid.iou.imageMeanSmoothed).toBeCloseTo(2 / 3, 4);
    // Batches of two: the second holds one image, in which the class is in neither mask.
    expect(covid.iou.batchSmoothed).toBeCloseTo(1 / 2, 4);
    expect(covid).toMatchObject({ truthImages: 1, truthPixels: 1, predictedPixels: 0, emptyPerfect: 2 });
    expect(scores.accuracy).toBeCloseTo(10 / 12, 12);
    expect(scores.meanIou.pooled).toBeCloseTo(3 / 8, 12);
    expect(scores.meanDice.pooled).toBeCloseTo((6 / 7 + 0) / 2, 12);
    expect(scores.loss).toBeCloseTo((2 * 0.5 + 0.2) / 3, 12);
    expect(scores.images).toBe(3);
  });

  it('of a classifier tell each class from the others, and by the probabilities where they are known', () => {
    const dataset = { classes, maskClasses: [] };
    const labels = [0, 1, 2, 1, 0, 255];
    const told = Uint8Array.of(0, 1, 1, 0, 0, 2);
    const images = batch(...labels.map((label) => [label]));
    // Lungs have 0.9 and 0.3, the others 0.5, 0.6 and 0.1: four of six pairs are in the right order.
    const ofLung = [0.5, 0.9, 0.6, 0.3, 0.1, 1];
    const probabilities = Float32Array.from(ofLung.flatMap((p) => [1 - p, p, 0]));
    const tally = startTally(kernels, dataset, 2);
    tally.add(images, 0.5, told, probabilities);
    const { classes: found, auc, accuracy, meanDice } = tally.scores();
    expect(found[1].detection).toEqual({ sensitivity: 1 / 2, specificity: 2 / 3, precision: 1 / 2, auc: 4 / 6 });
    expect(found[1].dice.pooled).toBe(1 / 2);
    expect(found[2].detection).toEqual({ sensitivity: 0, specificity: 1, precision: null, auc: 1 / 2 });
    expect(auc).toBeCloseTo(((found[0].detection?.auc as number) + 4 / 6 + 1 / 2) / 3, 12);
    expect(accuracy).toBe(3 / 5);
    // Over all classes, as scikit-learn's macro average.
    expect(meanDice.pooled).toBeCloseTo((4 / 5 + 1 / 2 + 0) / 3, 12);

    const training = startTally(kernels, dataset, 2);
    training.add(images, 0.5, told);
    expect(training.scores().classes[1].detection).toMatchObject({ sensitivity: 1 / 2, auc: null });
    expect(training.scores().auc).toBeNull();
    expect(startTally(kernels, dataset, 2, training.state()).scores().classes).toEqual(training.scores().classes);
    expect(tallyOf([batch([0, 1]), 1, Uint8Array.of(0, 1)]).scores()).not.toHaveProperty('auc');
  });

  it('leave out pixels without a class', () => {
    const { accuracy, classes: found } = tallyOf([batch([1, 255, 255, 2]), 1, Uint8Array.from([1, 1, 2, 2])]).scores();
    expect(accuracy).toBe(1);
    expect(found[1].predictedPixels).toBe(1);
  });

  it('are undefined where a class is in neither mask, and where there was no image', () => {
    const { classes: found } = tallyOf([batch([0, 1]), 1, Uint8Array.from([0, 1])]).scores();
    expect(found[2].iou).toMatchObject({ pooled: null, imageMeanSmoothed: 1 });
    expect(startTally(kernels, { classes }, 2).scores()).toMatchObject({ loss: null, accuracy: null, images: 0 });
  });

  it('go on from a stopped pass to the last bit', () => {
    const random = createRandom('tally');
    const draw = (count: number) => Uint8Array.from({ length: count * 50 }, () => random.pick([0, 0, 1, 2, 255]));
    const batches = Array.from({ length: 90 }, (_, i): [TrainBatch, number, Uint8Array] => {
      const count = 1 + (i % 3);
      const predicted = draw(count).map((label) => label % 3);
      return [{ count, images: new Float32Array(), labels: draw(count) }, random.uniform(), predicted];
    });
    const whole = tallyOf(...batches);
    const begun = tallyOf(...batches.slice(0, 61));
    const state = begun.state();
    const rest = startTally(kernels, { classes }, 2, state);
    for (const one of batches.slice(61)) rest.add(...one);
    expect(rest.scores()).toEqual(whole.scores());
    expect(rest.state()).toEqual(whole.state());
    // What was given away does not change with what comes later.
    begun.add(...batches[0]);
    expect(state.confusions).toHaveLength(state.images * 9);
  });
});
