import { isInfection } from './mask-class.js';
import type { SetRule } from './rule.js';
import { number } from './wording.js';

/** One image says nothing: a lesion may well fill both lungs. */
const LEAST_IMAGES = 2;

export const paintedLung: SetRule = {
  scope: 'set',
  code: 'L009',
  title: 'A class is the whole lung wherever it occurs',
  severity: 'warning',
  what: `
    In every image that has the infection class (at least 2 images) no pixel of healthy lung is left beside it. It is information,
    not a warning, where the layout itself paints the class: \`nonCovid: lung\` and the class non-covid.`,
  why: `
    The label is then the image's diagnosis, painted on the lung mask. Its IoU measures lung segmentation and classification; no
    lesion was ever drawn. The seed-like public Keras project does so: a Non-COVID image's whole lung becomes class 3, so a
    score of 0.9 for non-covid says that lungs are found and images are told apart, which border marks alone can do: a public
    study reports 98.75 % accuracy with the lungs removed.`,
  fix: `
    Report the class as what it is, an image-level label, or leave it out of the label map:

    { "nonCovid": "none" }

    Where Non-COVID infection masks were drawn, \`"nonCovid": "mask"\` uses them and nothing else.`,
  start(dataset) {
    const { classes, nonCovid } = dataset;
    const images = classes.map(() => 0);
    const withLung = classes.map(() => 0);
    return {
      add({ truth }) {
        if (truth === null) return;
        for (let c = 2; c < classes.length; c++) {
          if (truth[c] === 0) continue;
          images[c]++;
          if (truth[1] > 0) withLung[c]++;
        }
      },
      finish: () =>
        classes
          .filter(({ index: c }) => isInfection(dataset, c) && images[c] >= LEAST_IMAGES && withLung[c] === 0)
          .map(({ index, key }) => ({
            rule: 'L009',
            class: key,
            value: images[index],
            message:
              `${key} is the whole lung in all ${number(images[index])} images that have it: ` +
              'its IoU measures lungs and classification, not lesions',
            severity: nonCovid === 'lung' && key === 'non-covid' ? 'info' : undefined,
          })),
    };
  },
};
