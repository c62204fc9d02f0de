import type { DatasetSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import type { Report, SetRule } from './rule.js';
import { own } from './shared.js';
import { type SplitTally, startSplitTally, type Tally } from './split-tally.js';
import { list, percent } from './wording.js';

/** Two-sided 1 % of the normal distribution. */
const BEYOND_CHANCE = 2.58;

export const unevenSplits: SetRule = {
  scope: 'set',
  code: 'B003',
  title: 'Splits differ in class or source shares',
  severity: 'warning',
  what: `
    The share of a split's images that come from a source, or that have a class, differs from the whole set's by more than
    \`thresholds.shareDifference\` (0.1), and by more than chance: |z| > 2.58 in a two-proportion z test of the split against the
    other splits, z = (p1 - p2) / sqrt(p (1 - p) (1/n1 + 1/n2)). One finding per split for its sources; classes are named only
    where the sources agree, since they follow from them. The value is the largest difference.`,
  ofImages: {
    what: `
      The same, of the images of a source and of a class.`,
  },
  why: `
    Several conventions depend on how many images have the class: with 50 % positives a model that never predicts COVID scores 0.500
    smoothed per image, with 11.7 % it scores 0.883. Scores of splits with different shares can't be compared, and a model that was
    trained on other shares is calibrated for them.`,
  fix: `
    Split again, stratified by source and class. The infection set of COVID-QU-Ex keeps 2 : 1 : 1 (COVID-19, Non-COVID, Normal) in
    each split. Where the difference is wanted (a test set of natural prevalence):

    { "ignore": ["B003"] }`,
  start(dataset, shared = own(dataset)) {
    const tally = shared(startSplitTally);
    return { add: tally.add, finish: () => differences(dataset, tally) };
  },
};

interface Difference {
  name: string;
  key: string;
  share: number;
  whole: number;
}

function differences(dataset: DatasetSpec, { total, splits }: SplitTally): Report[] {
  const { classes, thresholds } = dataset;
  const having = isImageLevel(dataset) ? 'of' : 'with';
  const limit = thresholds.shareDifference;
  const reports: Report[] = [];
  for (const [split, tally] of splits) {
    const bySource = sourceDifferences(tally, total, limit);
    if (bySource.length > 0) {
      const parts = bySource.map(describe);
      const value = Math.max(...bySource.map(({ share, whole }) => Math.abs(share - whole)));
      reports.push({ rule: 'B003', split, value, message: `${split} has ${list(parts)}` });
      continue;
    }
    for (const { key, index } of classes) {
      if (index === 0) continue;
      const found = difference(
        tally.imagesWith[index],
        tally.annotated,
        total.imagesWith[index],
        total.annotated,
        limit,
      );
      if (found === null) continue;
      const message = `${split} has ${describe({ name: `images ${having} ${key}`, key, ...found })}`;
      reports.push({ rule: 'B003', split, class: key, value: Math.abs(found.share - found.whole), message });
    }
  }
  return reports;
}

function sourceDifferences(split: Tally, total: Tally, limit: number): Difference[] {
  const found: Difference[] = [];
  for (const [source, all] of total.sources) {
    const shares = difference(split.sources.get(source) ?? 0, split.images, all, total.images, limit);
    if (shares !== null) found.push({ name: `images of ${source}`, key: source, ...shares });
  }
  return found;
}

/** Shares of `part` in `images` and of `allPart` in `allImages` where they differ beyond the limit and beyond chance, else null. */
function difference(part: number, images: number, allPart: number, allImages: number, limit: number) {
  const others = allImages - images;
  if (images === 0 || others === 0) return null;
  const share = part / images;
  const whole = allPart / allImages;
  if (Math.abs(share - whole) <= limit) return null;
  const spread = Math.sqrt(whole * (1 - whole) * (1 / images + 1 / others));
  const z = (share - (allPart - part) / others) / spread;
  return Math.abs(z) > BEYOND_CHANCE ? { share, whole } : null;
}

function describe({ name, share, whole }: Difference): string {
  return `${percent(share)} ${name} (whole set ${percent(whole)})`;
}
