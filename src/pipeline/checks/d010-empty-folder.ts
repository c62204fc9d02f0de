import type { LayoutRule } from './rule.js';

export const emptyFolder: LayoutRule = {
  scope: 'layout',
  code: 'D010',
  title: 'A folder or split is empty',
  severity: 'warning',
  what: `
    The layout has a folder for images of a split and source and no image lies in it, or a split has none at all.`,
  ofImages: { what: 'The same.' },
  why: `
    An archive that was unpacked in part looks like a complete dataset with fewer images. Without Normal images in test, for
    one, no false alarm can be seen there; without a validation split, training stops by its own loss.`,
  fix: `
    Unpack the archive again and compare the counts. The infection set of COVID-QU-Ex has 1,864 / 932 / 932 images (COVID-19,
    Non-COVID, Normal) in Train, 466 / 233 / 233 in Val and 583 / 292 / 291 in Test. If the folder is empty on purpose, delete it, or:

    { "ignore": ["D010"] }`,
  check({ emptyFolders }) {
    return emptyFolders.map(({ path, split, source }) => ({
      rule: 'D010',
      message: 'no image in this folder',
      path,
      split,
      source,
    }));
  },
};
