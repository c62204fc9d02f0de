import { isImageLevel } from '../dataset/image-level.js';
import type { ScoreRule } from './rule.js';
import { number, quantity } from './wording.js';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const oneClass: ScoreRule = {
  scope: 'scores',
  code: 'M007',
  title: 'One class is predicted everywhere',
  severity: 'warning',
  what: `
    Every predicted pixel of every scored image is of one class, and their annotations have more than one. The value is the
    number of scored images.`,
  ofImages: {
    title: 'Every image is told to be of one class',
    what: `
      Every scored image is told to be of the same class, and they are of more than one. The value is the number of scored images.`,
  },
  why: `
    A model that says the same wherever it looks has learnt nothing, or is not the model that was trained: weights that were not
    loaded, values scaled by 255 once too often or not at all, channels in another order, a batch norm without its statistics. Each
    image alone looks like a miss, and its probabilities may still differ from pixel to pixel, so that P007 is silent.`,
  fix: `
    Compare the preprocessing with the training's; \`run.json\` says what was assumed. Then look at one image, and at the highest
    probability of the other classes (\`max_probability\` in each class's CSV):

    $ maskaudit audit DATASET --model model.onnx --limit 1 --card preprocess=imagenet-torch`,
  check({ scored, confusion, classes }, dataset) {
    const predicted = classes.filter(({ index }) => sum(confusion.map((row) => row[index])) > 0);
    const annotated = classes.filter(({ index }) => sum(confusion[index]) > 0);
    if (scored === 0 || predicted.length !== 1 || annotated.length < 2) return [];
    const pixels = number(sum(confusion.flat()));
    const keys = annotated.map(({ key }) => key).join(', ');
    if (isImageLevel(dataset)) {
      const message = `every one of ${quantity(scored, 'scored image')} is told to be ${predicted[0].key}; they are ${keys}`;
      return [{ rule: 'M007', value: scored, message }];
    }
    const message = `every one of ${pixels} pixels predicted in ${quantity(scored, 'image')} is ${predicted[0].key}; the annotation has ${keys}`;
    return [{ rule: 'M007', value: scored, message }];
  },
};
