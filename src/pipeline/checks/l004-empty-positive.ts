import { type ImageRule, NOTHING } from './rule.js';
import { number } from './wording.js';

export const emptyPositive: ImageRule = {
  scope: 'image',
  code: 'L004',
  title: 'The mask is empty where the source says positive',
  severity: 'warning',
  what: `
    The image lies in the COVID-19 folder, its infection mask was read, and no pixel of it is on by any reading. A mask whose
    pixels the encoding loses is L003, a missing one D001. Empty masks of Non-COVID and Normal images are by design.`,
  why: `
    A COVID-19 image without a lesion may be right (an early case, a clear film), or the mask was never drawn or was overwritten. To
    the metrics it is a negative image: predicting nothing on it scores a free 1.0 under the smoothed conventions, and a right
    prediction is a false alarm.`,
  fix: `
    Look at the image. Draw the mask if there is a lesion; move the image out of COVID-19, or accept the finding, if there is
    none. The list:

    $ maskaudit audit DATASET --select L004 --format ndjson`,
  check({ sample, files }) {
    if (sample.source !== 'COVID-19') return NOTHING;
    const file = files.infection;
    if (file === undefined || file.state !== 'read' || file.mask === null || file.mask.rawOn > 0) return NOTHING;
    const pixels = number(file.width * file.height);
    return [
      {
        rule: 'L004',
        class: 'covid',
        value: 0,
        message: `infection mask is empty (0 of ${pixels} pixels) and the source is COVID-19`,
        path: file.path,
      },
    ];
  },
};
