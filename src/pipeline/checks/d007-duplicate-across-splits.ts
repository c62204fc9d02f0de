import { startDuplicateSearch } from './duplicate-search.js';
import type { SetRule } from './rule.js';
import { own } from './shared.js';

export const duplicateAcrossSplits: SetRule = {
  scope: 'set',
  code: 'D007',
  title: 'The same image is in two splits',
  severity: 'error',
  what: `
    Two images of different splits have the same size and the same decoded pixels. Each later image (in the order of images.csv)
    is named with the first one in another split in \`related_path\`.`,
  ofImages: { what: 'The same.' },
  why: `
    Leakage: the model has seen the test image with its answer, and the score measures memory. The seed-like public Keras project
    on COVID-QU-Ex merges the three splits and splits them again at random, which spreads every copy over training and test.`,
  fix: `
    Delete the copy in the larger split (as a rule: keep it in test, delete it in train), with its masks, and train again. A score
    measured before that is not a test score.

    $ maskaudit audit DATASET --select D007,D008 --fail-on D007`,
  start(dataset, shared = own(dataset)) {
    const search = shared(startDuplicateSearch);
    return {
      add: search.add,
      finish: () =>
        search.found().acrossSplits.map(({ later, earlier }) => ({
          ...search.place(later),
          rule: 'D007',
          value: 0,
          message: `same pixels as ${search.describe(earlier)}`,
          relatedPath: search.place(earlier).path,
        })),
    };
  },
};
