import { isInfection } from './mask-class.js';
import { type ImageRule, NOTHING, type Report } from './rule.js';
import { number, percent } from './wording.js';

export const infectionOutside: ImageRule = {
  scope: 'image',
  code: 'L006',
  title: 'Infection outside of the lungs',
  severity: 'warning',
  what: `
    Pixels of the infection mask that the lung mask doesn't have, over all pixels of the infection mask, is more than
    \`thresholds.outsideShare\` (0.01).`,
  why: `
    An infection of the lung lies in the lung. Where it doesn't, one of the masks is shifted, flipped, resized differently or of
    another image, or the lung mask leaves out what it was to contain: many lung segmenters cut dense opacities away. The label
    map has the infection there nonetheless, so a model that respects the lungs is marked down.`,
  fix: `
    Lay both masks over the image. A rim of one or two pixels comes from different resizes: resize both by nearest neighbour from
    the originals, or allow more:

    { "thresholds": { "outsideShare": 0.05 } }`,
  check({ dataset, sample, files, truthOutside, infectionPixels }) {
    if (truthOutside === null || infectionPixels === null || infectionPixels === 0) return NOTHING;
    let reports: Report[] | null = null;
    for (let c = 2; c < dataset.classes.length; c++) {
      const share = truthOutside[c] / infectionPixels;
      if (!(share > dataset.thresholds.outsideShare) || !isInfection(dataset, c)) continue;
      const counts = `${number(truthOutside[c])} of ${number(infectionPixels)}`;
      reports ??= [];
      reports.push({
        rule: 'L006',
        class: dataset.classes[c].key,
        value: share,
        message: `${counts} infection pixels (${percent(share)}) lie outside of the lung mask`,
        path: files.infection?.path ?? sample.infectionPath ?? '',
        relatedPath: files.lung?.path ?? sample.lungPath ?? '',
      });
    }
    return reports ?? NOTHING;
  },
};
