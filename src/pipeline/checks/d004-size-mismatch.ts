import type { FileFacts } from '../facts.js';
import { MASK_ROLES, openedFile, ROLE_NAMES } from './mask-class.js';
import { type ImageRule, NOTHING, type Report } from './rule.js';

export const sizeMismatch: ImageRule = {
  scope: 'image',
  code: 'D004',
  title: 'An image and its mask differ in size',
  severity: 'error',
  what: `
    Width x height of a mask is not the image's, or the infection mask's is not the lung mask's. Predictions are not meant: one
    of another size is brought to the annotation's grid by nearest neighbour and counted in the summary.`,
  why: `
    A mask that has to be resized to its image no longer says where the lesion is to the pixel, and the resize itself is a
    well-known fault: in public code on this dataset \`cv2.resize(mask, size, interpolation)\` passes the interpolation in the
    wrong place, so masks are resized bilinearly and \`!= 0\` then dilates them. Two masks of different sizes can't be laid
    over each other at all.`,
  fix: `
    Export image and mask together from the source at one size. Where the mask must be resized, use nearest neighbour:

    $ magick mask.png -filter point -resize 256x256! mask-256.png`,
  check(facts) {
    const image = openedFile(facts, 'image');
    let reports: Report[] | null = null;
    for (const role of MASK_ROLES) {
      const mask = openedFile(facts, role);
      if (mask === null) continue;
      const other = image ?? (role === 'infection' ? openedFile(facts, 'lung') : null);
      if (other === null || (mask.width === other.width && mask.height === other.height)) continue;
      reports ??= [];
      reports.push({
        rule: 'D004',
        message: `${sized(mask)}, ${sized(other)}`,
        path: mask.path,
        relatedPath: other.path,
      });
    }
    return reports ?? NOTHING;
  },
};

function sized({ role, width, height }: FileFacts): string {
  return `${ROLE_NAMES[role]} ${width}x${height}`;
}
