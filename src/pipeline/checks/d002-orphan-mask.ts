import type { LayoutRule } from './rule.js';

export const orphanMask: LayoutRule = {
  scope: 'layout',
  code: 'D002',
  title: 'A mask has no image',
  severity: 'warning',
  what: `
    A file in a mask folder has no image of the same name in the image folder beside it (compared without extension). Nothing
    is computed from it.`,
  why: `
    A leftover mask is usually half of a pair whose image was renamed, moved to another split or filtered out. COVID-QU-Ex has
    \`non_COVID (11905).png\` and \`Non_COVID (..).png\` in one folder: a copy through a system that folds case loses one of two
    names. Loaders that pair by sorted order shift every pair behind an orphan.`,
  fix: `
    Bring the image back under the same name, or delete the mask. Many orphans together with as many D001 point to an affix
    in the masks' names:

    { "maskPrefix": "mask_", "maskSuffix": "" }`,
  check({ orphans }) {
    return orphans.map(({ path, split, source }) => ({
      rule: 'D002',
      message: 'mask without an image of its name',
      path,
      split,
      source,
    }));
  },
};
