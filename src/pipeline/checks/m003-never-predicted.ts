import { isImageLevel } from '../dataset/image-level.js';
import type { ScoreRule } from './rule.js';
import { foreground, scoredPositives, scoredTruth } from './scored-truth.js';
import { number, quantity } from './wording.js';

export const neverPredicted: ScoreRule = {
  scope: 'scores',
  code: 'M003',
  title: 'A class is never predicted',
  severity: 'warning',
  what: `
    A foreground class has truth pixels in the scored images and not one pixel of any prediction. The value is 0, the predicted
    pixels.`,
  ofImages: {
    what: `
      Scored images are of a class, and not one is told to be. The value is 0.`,
  },
  why: `
    The model has learnt that silence is cheap, or its outputs are read in the wrong class order. On the infection set of
    COVID-QU-Ex such a model still scores 0.500 for COVID by the smoothed mean over images, because half of the images are negative.`,
  fix: `
    Look at the highest probability that the class reaches (\`max_probability\` in the class's CSV). Near 0: weight the loss, check
    that the class was in the training labels (L003, B001). Near a threshold: the class is there and the reading hides it. Wrong
    class order:

    $ maskaudit audit DATASET --model model.onnx --card classes=background,lung,covid,non-covid`,
  check(summary, dataset) {
    if (summary.scored === 0) return [];
    return foreground(summary)
      .filter(({ index, predicted }) => predicted.pixels === 0 && scoredTruth(summary, index) > 0)
      .map((spec) => {
        const truth = `${number(scoredTruth(summary, spec.index))} annotated pixels`;
        const images = quantity(scoredPositives(spec), 'scored image');
        return {
          rule: 'M003',
          class: spec.key,
          value: 0,
          message: isImageLevel(dataset)
            ? `${spec.key} is never predicted, and ${images} ${scoredPositives(spec) === 1 ? 'is' : 'are'} of it`
            : `${spec.key} is never predicted: 0 pixels, for ${truth} in ${images}`,
        };
      });
  },
};
