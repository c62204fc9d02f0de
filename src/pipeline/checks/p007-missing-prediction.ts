import { isImageLevel } from '../dataset/image-level.js';
import type { PredictionFacts } from '../facts.js';
import { SUM_TOLERANCE } from '../model/output-probe.js';
import { type ImageRule, NOTHING } from './rule.js';

export const missingPrediction: ImageRule = {
  scope: 'image',
  code: 'P007',
  title: "A prediction is missing, or can't be read or scored",
  severity: 'error',
  what: `
    Predictions were asked for and this image has none; or its file can't be read, or holds values that are no class; or the model's
    output is the same in every pixel, holds NaN or infinities, or is a softmax in which a pixel's probabilities don't sum to 1 (by
    more than 0.03, which half precision explains). The value is that sum's distance from 1.`,
  ofImages: {
    what: `
      A model was asked and gave no answer about this image: the picture can't be read, or the answer holds NaN or infinities, or is a
      softmax whose probabilities don't sum to 1 (by more than 0.03). The value is that sum's distance from 1.`,
  },
  why: `
    An image without a prediction counts, it does not vanish: a score over the images that happened to be predicted is a score of
    the easy ones. A constant or non-finite output means that the model is broken (a diverged training, a lost weight file, inputs
    scaled by 255 twice), and arg max turns even NaN into some label.`,
  fix: `
    Names: \`<image>.png\`, or \`<file stem>.png\` where stems are unique, in the folder of predictions; an affix is set by

    { "predictionSuffix": "_pred" }

    A model's output: compare its input range and preprocessing with the training's, and run it on one image:

    $ maskaudit audit DATASET --model model.onnx --limit 1`,
  check({ prediction, dataset }) {
    const fault = faultOf(prediction);
    if (fault !== null) return [{ rule: 'P007', message: fault, path: prediction.path }];
    const { sumError } = prediction;
    if (sumError === null || sumError <= SUM_TOLERANCE) return NOTHING;
    const whose = isImageLevel(dataset) ? 'the image' : 'a pixel';
    const message = `the probabilities of ${whose} are ${sumError.toPrecision(3)} off from the sum 1 that a softmax has`;
    return [{ rule: 'P007', value: sumError, message, path: prediction.path }];
  },
};

function faultOf({ state, fault, constant, nonFinite }: PredictionFacts): string | null {
  if (state === 'missing') return `no prediction${fault === null ? '' : `: ${fault}`}`;
  if (state === 'unreadable') return `the prediction can't be used: ${fault ?? 'no reason known'}`;
  if (nonFinite) return "the model's output holds NaN or infinities";
  return constant ? "the model's output is the same in every pixel" : null;
}
