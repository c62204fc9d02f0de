import { startDuplicateSearch } from './duplicate-search.js';
import { HASH_BITS } from './near-pairs.js';
import type { SetRule } from './rule.js';
import { own } from './shared.js';
import { quantity } from './wording.js';

export const nearDuplicate: SetRule = {
  scope: 'set',
  code: 'D008',
  title: 'Nearly the same image is in two splits',
  severity: 'warning',
  what: `
    Two images of different splits have perceptual hashes that differ in at most \`thresholds.nearDuplicateBits\` (10) of 256 bits
    and are not the same to the pixel (that is D007). The hash compares the mean brightness of neighbouring blocks of a 17 x 16
    grid, so it survives re-encoding, resizing, brightness and contrast. Each later image is named with its nearest earlier
    partner. Pictures without structure (fewer than 8 bits set) are not compared.`,
  ofImages: { what: 'The same.' },
  why: `
    The same radiograph comes back from another collection as a JPEG, with another contrast or another burned-in mark. It leaks
    as much as an exact copy. The most alike of 703 pairs of real chest X-rays by different names differed in 43 bits, half of
    all pairs in more than 94: 10 bits are far from chance.`,
  fix: `
    Look at both pictures. If they show the same radiograph, keep one (as a rule the one in test). If they don't, lower the limit:

    { "thresholds": { "nearDuplicateBits": 6 } }`,
  start(dataset, shared = own(dataset)) {
    const search = shared(startDuplicateSearch);
    return {
      add: search.add,
      finish: () =>
        search.found().near.map(({ later, earlier, distance }) => ({
          ...search.place(later),
          rule: 'D008',
          value: distance,
          message: `differs in ${quantity(distance, 'bit')} of ${HASH_BITS} from ${search.describe(earlier)}`,
          relatedPath: search.place(earlier).path,
        })),
    };
  },
};
