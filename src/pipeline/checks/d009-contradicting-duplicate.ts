import { isImageLevel } from '../dataset/image-level.js';
import { startDuplicateSearch } from './duplicate-search.js';
import { HASH_BITS } from './near-pairs.js';
import type { SetRule } from './rule.js';
import { own } from './shared.js';
import { quantity } from './wording.js';

export const contradictingDuplicate: SetRule = {
  scope: 'set',
  code: 'D009',
  title: 'Duplicates have different annotations',
  severity: 'error',
  what: `
    Two images, of one split or of two, are the same (D006, D007) or nearly the same (within \`thresholds.nearDuplicateBits\` of 256
    bits, see D008) and their label maps differ. Each later image is named with its best earlier partner: the same pixels first,
    then the nearest hash.`,
  ofImages: {
    title: 'Duplicates are of different classes',
    what: `
      Two such images are of different classes: in covid-qu-ex they lie in the folders of different sources.`,
  },
  why: `
    One of the two annotations is wrong, or both are one reader's opinion: the model is punished whatever it answers. The label maps
    also differ when the same radiograph lies in two source folders, once as COVID-19 and once as Non-COVID.`,
  fix: `
    Open both label maps, decide which one is right, delete the other picture or replace its mask. Where two readers' opinions
    are wanted, keep them out of the training set and measure their agreement on their own.

    $ maskaudit audit DATASET --select D009 --format ndjson`,
  start(dataset, shared = own(dataset)) {
    const search = shared(startDuplicateSearch);
    const contradiction = isImageLevel(dataset) ? 'and is of another class' : 'and the annotations differ';
    return {
      add: search.add,
      finish: () =>
        search.found().contradicting.map(({ later, earlier, exact, distance }) => {
          const likeness = exact ? 'same pixels as' : `differs in ${quantity(distance, 'bit')} of ${HASH_BITS} from`;
          return {
            ...search.place(later),
            rule: 'D009',
            value: distance,
            message: `${likeness} ${search.describe(earlier)}, ${contradiction}`,
            relatedPath: search.place(earlier).path,
          };
        }),
    };
  },
};
