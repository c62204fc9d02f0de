import type { DatasetSpec } from '../dataset/dataset.js';
import type { ImageRecord } from '../record.js';
import { type Duplicates, findDuplicates } from './duplicate-pairs.js';
import { wordRows } from './hash-words.js';
import { HASH_WORDS } from './near-pairs.js';
import type { Report } from './rule.js';

/** What D006-D009 share: the hashes of all images, and which of them are alike. */
export interface DuplicateSearch {
  add(record: ImageRecord): void;
  /** After the last image; computed once. */
  found(): Duplicates;
  /** The fields that name an image in a report. */
  place(image: number): Required<Pick<Report, 'image' | 'split' | 'source' | 'path'>>;
  /** Path and split of an image for a message. */
  describe(image: number): string;
}

/** Keeps about 100 bytes and the id of each image that has hashes. */
export function startDuplicateSearch({ thresholds }: DatasetSpec): DuplicateSearch {
  const pixel = wordRows(2);
  const perceptual = wordRows(HASH_WORDS);
  const truth = wordRows(2);
  const has = { pixel: [] as number[], perceptual: [] as number[], truth: [] as number[] };
  const images: string[] = [];
  /** Endings of the paths, splits and sources: few different strings, kept once each. */
  const endings: string[] = [];
  /** Paths that don't begin with the image's id. */
  const otherPaths = new Map<number, string>();
  const splits: number[] = [];
  const sources: string[] = [];
  const known = new Map<string, string>();
  const splitNames: string[] = [];
  let last: ImageRecord | null = null;
  let found: Duplicates | null = null;

  const once = (text: string): string => {
    const kept = known.get(text);
    if (kept === undefined) known.set(text, text);
    return kept ?? text;
  };
  const splitNumber = (split: string): number => {
    const number = splitNames.indexOf(split);
    return number >= 0 ? number : splitNames.push(split) - 1;
  };
  const pathOf = (image: number): string => otherPaths.get(image) ?? images[image] + endings[image];

  return {
    add(record) {
      if (record === last || (record.pixelHash === undefined && record.perceptualHash === undefined)) return;
      last = record;
      pixel.push(record.pixelHash);
      perceptual.push(record.perceptualHash);
      truth.push(record.truthHash);
      has.pixel.push(record.pixelHash ? 1 : 0);
      has.perceptual.push(record.perceptualHash ? 1 : 0);
      has.truth.push(record.truthHash ? 1 : 0);
      const { image, imagePath } = record;
      const isPrefix = imagePath.startsWith(image);
      if (!isPrefix) otherPaths.set(images.length, imagePath);
      images.push(image);
      endings.push(isPrefix ? once(imagePath.slice(image.length)) : '');
      splits.push(splitNumber(record.split));
      sources.push(once(record.source));
    },
    found() {
      found ??= findDuplicates(
        {
          count: images.length,
          split: splits,
          pixel: pixel.words(),
          perceptual: perceptual.words(),
          truth: truth.words(),
          hasPixel: has.pixel,
          hasPerceptual: has.perceptual,
          hasTruth: has.truth,
        },
        thresholds.nearDuplicateBits,
      );
      return found;
    },
    place: (image) => ({
      image: images[image],
      split: splitNames[splits[image]],
      source: sources[image],
      path: pathOf(image),
    }),
    describe(image) {
      const split = splitNames[splits[image]];
      return split === '' ? pathOf(image) : `${pathOf(image)} (${split})`;
    },
  };
}
