import type { ClassSpec, DatasetSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import type { Report, SetRule } from './rule.js';
import { own } from './shared.js';
import { type SplitTally, startSplitTally, type Tally } from './split-tally.js';
import { number, quantity } from './wording.js';

export const absentClass: SetRule = {
  scope: 'set',
  code: 'B001',
  title: 'A class is absent from a split',
  severity: 'warning',
  what: `
    A foreground class has no pixel in any annotation of a split that could be read, although other splits have it. A class that no
    annotation of the set has is named once, for the whole set. Splits without a readable annotation are not judged, nor are
    classes that the mask files have and the encoding loses (L003).`,
  ofImages: {
    what: `
      No image of a split is of a class that other splits have images of; class 0 (healthy, none) is not judged.`,
  },
  why: `
    What a split doesn't have, it can't teach or measure: absent from training, the class is never learnt; absent from validation,
    the best checkpoint is chosen without it; absent from test, its smoothed score is a perfect 1.0000 for a model that never
    predicts it. Merging the splits and splitting again at random, as public code on this dataset does, can leave a rare class
    out by chance.`,
  fix: `
    Split again, stratified by class (and by patient, see D011). See what each split has:

    $ maskaudit stats DATASET

    If the class should be there, look at L003 and D001 first: it may be lost, not absent.`,
  start(dataset, shared = own(dataset)) {
    const tally = shared(startSplitTally);
    return {
      add: tally.add,
      finish: () => dataset.classes.flatMap((spec) => (spec.index === 0 ? [] : absences(spec, dataset, tally))),
    };
  },
};

function absences({ index, key }: ClassSpec, dataset: DatasetSpec, { total, splits }: SplitTally): Report[] {
  const ofImages = isImageLevel(dataset);
  const whereAbsent = ({ annotated, rawImagesWith }: Tally) => annotated > 0 && rawImagesWith[index] === 0;
  const message = ({ annotated }: Tally, place: string, note: string) =>
    ofImages
      ? `none of ${quantity(annotated, 'image')} of ${place} is ${key}${note}`
      : `${key} is in none of ${quantity(annotated, 'readable annotation')} of ${place}${note}`;
  if (whereAbsent(total)) {
    const note = !ofImages && key === 'non-covid' && dataset.nonCovid === 'none' ? ' (nonCovid is none)' : '';
    return [{ rule: 'B001', class: key, value: 0, message: message(total, 'the set', note) }];
  }
  const note = ` (${number(total.rawImagesWith[index])} in other splits)`;
  return [...splits]
    .filter(([, tally]) => whereAbsent(tally))
    .map(([split, tally]) => ({ rule: 'B001', split, class: key, value: 0, message: message(tally, split, note) }));
}
