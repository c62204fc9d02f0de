import { startDuplicateSearch } from './duplicate-search.js';
import type { SetRule } from './rule.js';
import { own } from './shared.js';

export const duplicateInSplit: SetRule = {
  scope: 'set',
  code: 'D006',
  title: 'The same image is twice in a split',
  severity: 'warning',
  what: `
    Two images of one split have the same size and the same decoded pixels, whatever their names, file sizes and metadata.
    Each later image (in the order of images.csv) is named with the first one of its kind in \`related_path\`.`,
  ofImages: { what: 'The same.' },
  why: `
    COVID-QU-Ex was gathered from many public collections, which themselves copy from each other. A picture that counts twice
    in training gets twice the weight; twice in a test split, and the intervals are narrower than they should be.`,
  fix: `
    Delete the later copy with its masks. The copies of a run as a list, first the later, then the earlier file:

    $ maskaudit audit DATASET --select D006 --format ndjson`,
  start(dataset, shared = own(dataset)) {
    const search = shared(startDuplicateSearch);
    return {
      add: search.add,
      finish: () =>
        search.found().sameSplit.map(({ later, earlier }) => ({
          ...search.place(later),
          rule: 'D006',
          value: 0,
          message: `same pixels as ${search.describe(earlier)} of the same split`,
          relatedPath: search.place(earlier).path,
        })),
    };
  },
};
