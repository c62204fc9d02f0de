import { type ImageRule, NOTHING, type Report } from './rule.js';
import { list, quantity } from './wording.js';

export const specks: ImageRule = {
  scope: 'image',
  code: 'L008',
  title: 'Specks and holes of a few pixels',
  severity: 'warning',
  what: `
    The mask has connected components (8 neighbours) of at most \`thresholds.speckPixels\` (9) pixels, or holes (4 neighbours,
    not open to the border) of at most that size. The value is their number.`,
  why: `
    Specks are slips of the pen, remains of a threshold, or what JPEG leaves. To a pooled score they are nothing; to a score per
    image, a detection rate and every count of lesions they are lesions: an image with one stray pixel counts as positive, and as
    a miss of the model that rightly ignores it.`,
  fix: `
    Remove components and fill holes below the size, then look at the difference; or set the size that matters in your data:

    { "thresholds": { "speckPixels": 4 } }`,
  check({ dataset, structures }) {
    let reports: Report[] | null = null;
    for (const { class: key, path, specks: count, speckPixels, holes, holePixels } of structures) {
      if (count === 0 && holes === 0) continue;
      const parts: string[] = [];
      if (count > 0) parts.push(`${quantity(count, 'speck')} (${quantity(speckPixels, 'pixel')})`);
      if (holes > 0) parts.push(`${quantity(holes, 'hole')} (${quantity(holePixels, 'pixel')})`);
      reports ??= [];
      reports.push({
        rule: 'L008',
        class: key,
        value: count + holes,
        message: `${list(parts)} of at most ${quantity(dataset.thresholds.speckPixels, 'pixel')} in the mask of ${key}`,
        path,
      });
    }
    return reports ?? NOTHING;
  },
};
