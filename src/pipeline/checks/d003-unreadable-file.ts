import { DATASET_ROLES, ROLE_NAMES } from './mask-class.js';
import { type ImageRule, NOTHING, type Report } from './rule.js';

export const unreadableFile: ImageRule = {
  scope: 'image',
  code: 'D003',
  title: 'A file is unreadable, truncated or of an unsupported kind',
  severity: 'error',
  what: `
    The file could not be opened or decoded to its last byte: wrong signature, a chunk or checksum that does not add up, pixel
    data that end too early, a kind that is not supported, no permission. An annotation that can't be read leaves its image
    out of every count; the run goes on. (A prediction that can't be read is P007.)`,
  ofImages: {
    what: `
      The same. Masks are opened where they are needed alone: a label mask that tells what an image is, and the lung mask that heat
      maps are compared with. Without a lung mask that can be read the image is scored all the same.`,
  },
  why: `
    Many decoders fill the missing part of a truncated PNG with black without a word. In a mask, black is background: half an
    annotation disappears and the scores look like a model's fault.`,
  fix: `
    Copy the file again from where it came from and compare its size. A file with the wrong ending needs its right name; one of
    an unusual kind can be written anew as 8-bit gray PNG:

    $ magick broken.tif -colorspace gray -depth 8 -define png:color-type=0 fixed.png`,
  check({ files, sample }) {
    let reports: Report[] | null = null;
    for (const role of DATASET_ROLES) {
      const file = files[role];
      if (file === undefined || file.state === 'read' || file.state === 'header') continue;
      if (file.state === 'missing' && sample.missing.includes(role)) continue;
      reports ??= [];
      reports.push({
        rule: 'D003',
        message: `${ROLE_NAMES[role]} can't be read: ${file.fault ?? 'no reason known'}`,
        path: file.path,
      });
    }
    return reports ?? NOTHING;
  },
};
