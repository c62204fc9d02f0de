import type { LayoutName } from '../dataset/dataset.js';
import type { FileFacts } from '../facts.js';
import { DATASET_ROLES, openedFile, ROLE_NAMES } from './mask-class.js';
import { type ImageRule, NOTHING, type Report } from './rule.js';
import { list } from './wording.js';

export const unexpectedFormat: ImageRule = {
  scope: 'image',
  code: 'D005',
  title: 'A file has unexpected channels, bit depth, palette or alpha',
  severity: 'warning',
  what: `
    A mask should be 8-bit gray with one channel, without palette and alpha, in a format without loss. Label masks of the masks
    layout may have a palette (their values are the indices) and fewer bits. Images should have 8 bits and no alpha, and no
    colour in covid-qu-ex. Where the values can be taken over unchanged (R = G = B, alpha 255, 1-bit gray) it is only information.
    A JPEG mask is always a warning: its edges are no longer what was drawn.`,
  why: `
    Every one of 36 real files of COVID-QU-Ex that were looked at is 8-bit, one channel, no palette, no alpha. A palette mask
    read as gray gives the colours' brightness in place of the class; an RGBA mask read as RGB loses what was drawn in alpha; a
    16-bit file read as 8-bit is black or full of wrapped values. Which of these happens depends on the library.`,
  fix: `
    Write the file anew as 8-bit gray:

    $ magick mask.png -alpha off -colorspace gray -depth 8 -define png:color-type=0 mask-gray.png

    A JPEG mask is better exported again from the annotation tool; else state where it is to be cut:

    { "maskEncoding": "threshold:128" }`,
  check(facts) {
    let reports: Report[] | null = null;
    for (const role of DATASET_ROLES) {
      const file = openedFile(facts, role);
      if (file === null || isPlain(file)) continue;
      const oddities = odditiesOf(file, facts.dataset.layout);
      if (oddities.length === 0) continue;
      const lossy = role !== 'image' && file.format === 'jpeg';
      const harmless = file.lossless && !lossy;
      reports ??= [];
      reports.push({
        rule: 'D005',
        message: `${ROLE_NAMES[role]} is ${list(oddities)}${harmless ? '; its values can be read without loss' : ''}`,
        path: file.path,
        severity: harmless ? 'info' : undefined,
      });
    }
    return reports ?? NOTHING;
  },
};

const CHANNEL_NAMES = ['', 'gray', 'gray with alpha', 'RGB', 'RGBA'];

/** 8-bit gray PNG: what nearly every file is. */
function isPlain(file: FileFacts): boolean {
  return file.bitDepth === 8 && file.channels === 1 && !file.palette && !file.alpha && file.format === 'png';
}

function odditiesOf(file: FileFacts, layout: LayoutName): string[] {
  const { role, bitDepth, channels, palette, alpha, format } = file;
  const isImage = role === 'image';
  const oddities: string[] = [];
  const depthExpected = isImage ? bitDepth <= 8 : role === 'label' ? bitDepth <= 8 : bitDepth === 8 || palette;
  if (!depthExpected) oddities.push(`${bitDepth}-bit`);
  if (channels > 1 && (!isImage || alpha || layout === 'covid-qu-ex')) oddities.push(CHANNEL_NAMES[channels]);
  if (palette && role !== 'label' && (!isImage || layout === 'covid-qu-ex')) oddities.push('palette-coloured');
  if (alpha && channels !== 2 && channels !== 4) oddities.push('partly transparent (tRNS)');
  if (!isImage && format === 'jpeg') oddities.push('a JPEG');
  return oddities;
}
