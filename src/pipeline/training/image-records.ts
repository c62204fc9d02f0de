import type { DatasetSpec } from '../dataset/dataset.js';
import { imageLabel } from '../dataset/image-level.js';
import type { ImageRecord } from '../record.js';

/**
 * Records of annotated pixels as those of images that have one class as a whole (`imageLevel`). A picture that can't be read has
 * no hash of its pixels; masks are no matter where the folder says the class.
 */
export function* imageRecords(records: Iterable<ImageRecord>, spec: DatasetSpec): Generator<ImageRecord> {
  for (const record of records) {
    const label = record.pixelHash === undefined ? null : imageLabel(spec, record, record.truth);
    const truth = label === null ? null : spec.classes.map(({ index }) => (index === label ? 1 : 0));
    yield { ...record, status: truth === null ? 'unreadable' : 'unscored', truth };
  }
}

/** How many images have several of the classes that an image may be of: they are taken for the one with the most pixels. */
export function severalClasses(records: Iterable<ImageRecord>, { classes, maskClasses = [] }: DatasetSpec): number {
  const named = new Set(classes.slice(1).map(({ key }) => key));
  const indices = maskClasses.filter(({ key }) => named.has(key)).map(({ index }) => index);
  let images = 0;
  for (const { truth } of records) {
    if (truth !== null && indices.filter((index) => truth[index] > 0).length > 1) images++;
  }
  return images;
}
