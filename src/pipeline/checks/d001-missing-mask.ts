import { isImageLevel } from '../dataset/image-level.js';
import { ROLE_NAMES } from './mask-class.js';
import { type ImageRule, NOTHING } from './rule.js';

export const missingMask: ImageRule = {
  scope: 'image',
  code: 'D001',
  title: 'An image has no mask',
  severity: 'error',
  what: `
    The layout asks for a mask beside this image and no file of that name lies there. Images and masks are paired by name,
    never by order. Missing, empty and with pixels are three states: an image whose infection mask is missing is unscored for
    every class, it is never counted as one without infection.`,
  ofImages: {
    what: `
      Where a label mask tells what an image is (layout masks), an image without one is of no class and unscored. In covid-qu-ex the
      source folder tells it, and no mask has to be there.`,
  },
  why: `
    9,043 of the 11,956 COVID-19 images of COVID-QU-Ex have no infection mask at all. A loader that takes "no file" for "no
    infection" tells the model that most COVID-19 images are healthy; one that drops them in silence changes the set without
    a word. Pairing by sorted order is worse: one missing file shifts every pair behind it.`,
  fix: `
    Put the mask in its folder under the image's name, or leave the image out. If the whole infection folder is missing you may
    have opened the lung set, which has no infection masks:

    $ maskaudit audit DATASET --subset lung

    Where masks are named otherwise (masks layout), say how in maskaudit.config.json:

    { "maskPrefix": "", "maskSuffix": "_mask" }`,
  check({ sample, dataset }) {
    if (sample.missing.length === 0) return NOTHING;
    const consequence = sample.unlabelled ? '; unscored for every class' : '';
    const needed = isImageLevel(dataset) ? sample.missing.filter((role) => role === 'label') : sample.missing;
    return needed.map((role) => ({
      rule: 'D001',
      message: `no ${ROLE_NAMES[role]} of the image's name${consequence}`,
      path: sample.imagePath,
    }));
  },
};
