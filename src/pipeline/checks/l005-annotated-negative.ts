import { type ImageRule, NOTHING } from './rule.js';
import { quantity } from './wording.js';

export const annotatedNegative: ImageRule = {
  scope: 'image',
  code: 'L005',
  title: 'An annotation where the source says negative',
  severity: 'error',
  what: `
    The image lies in the Normal folder and its infection mask, as it is read, has pixels. (A Non-COVID image may have an infection
    mask with pixels: that is class non-covid.)`,
  why: `
    Either the image is not normal or the mask belongs to another one, for instance after pairing by sorted order or a copy into the
    wrong folder. In COVID-QU-Ex the infection masks of all 1,456 Normal images are empty by design.`,
  fix: `
    Compare the mask with the image of the same name in the other folders. Move the image to its source, or replace the mask by
    an empty one of the same size:

    $ magick mask.png -evaluate set 0 mask.png`,
  check({ sample, files, infectionPixels }) {
    if (sample.source !== 'Normal' || infectionPixels === null || infectionPixels === 0) return NOTHING;
    return [
      {
        rule: 'L005',
        value: infectionPixels,
        message: `${quantity(infectionPixels, 'infection pixel')} in an image of the source Normal`,
        path: files.infection?.path ?? sample.infectionPath ?? '',
      },
    ];
  },
};
