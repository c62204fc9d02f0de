import type { DatasetSpec } from '../dataset/dataset.js';
import type { ImageRecord } from '../record.js';

/** Images and pixels of a split or of the whole set. */
export interface Tally {
  images: number;
  /** Images whose annotation was read. */
  annotated: number;
  /** Per class, of the annotations that were read. */
  pixels: number[];
  imagesWith: number[];
  /** The same by the unforced reading of the files (ImageRecord.rawTruth). */
  rawImagesWith: number[];
  /** Images of each source, read or not. */
  sources: Map<string, number>;
}

export interface SplitTally {
  add(record: ImageRecord): void;
  total: Tally;
  /** By split, in the order of images.csv. */
  splits: Map<string, Tally>;
}

/** What B001-B003 share: the annotations counted per split. */
export function startSplitTally({ classes }: DatasetSpec): SplitTally {
  const total = emptyTally(classes.length);
  const splits = new Map<string, Tally>();
  let last: ImageRecord | null = null;
  return {
    total,
    splits,
    add(record) {
      if (record === last) return;
      last = record;
      let split = splits.get(record.split);
      if (split === undefined) {
        split = emptyTally(classes.length);
        splits.set(record.split, split);
      }
      count(record, total);
      count(record, split);
    },
  };
}

function emptyTally(classes: number): Tally {
  const zeros = () => new Array<number>(classes).fill(0);
  return { images: 0, annotated: 0, pixels: zeros(), imagesWith: zeros(), rawImagesWith: zeros(), sources: new Map() };
}

function count({ source, truth, rawTruth }: ImageRecord, tally: Tally): void {
  tally.images++;
  tally.sources.set(source, (tally.sources.get(source) ?? 0) + 1);
  if (truth === null) return;
  tally.annotated++;
  for (let c = 0; c < tally.pixels.length; c++) {
    tally.pixels[c] += truth[c];
    if (truth[c] > 0) tally.imagesWith[c]++;
    if ((rawTruth ?? truth)[c] > 0) tally.rawImagesWith[c]++;
  }
}
