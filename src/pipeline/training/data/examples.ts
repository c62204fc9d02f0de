import type { ClassFrequency } from '../../metrics/class-weights.js';
import type { ImageRecord } from '../../record.js';

/** The images of a split that can be learned from, and what the scan counted of them. */
export interface Examples {
  /** Their places in the discovery, ascending. */
  positions: readonly number[];
  /** positions.length x C: 1 where the class occurs in the image. */
  present: Uint8Array;
  /** Of each class, on the annotations' own grids. */
  frequencies: readonly ClassFrequency[];
  /** Images without a readable picture or annotation. */
  leftOut: number;
}

/** The class of an example of an image-level dataset: the one that occurs in it. */
export function labelOf({ positions, present }: Examples, example: number): number {
  const classes = present.length / positions.length;
  return present.subarray(example * classes, (example + 1) * classes).indexOf(1);
}

/** Sorts the audited images into splits. Memory: 8 + C bytes an image. */
export function collectExamples(
  records: Iterable<ImageRecord>,
  classes: number,
  splitOf: (record: ImageRecord) => string,
): Map<string, Examples> {
  const splits = new Map<string, ReturnType<typeof startExamples>>();
  for (const record of records) {
    const split = splitOf(record);
    let examples = splits.get(split);
    if (examples === undefined) {
      examples = startExamples(classes);
      splits.set(split, examples);
    }
    examples.add(record);
  }
  return new Map([...splits].map(([split, examples]) => [split, examples.finish()]));
}

function startExamples(classes: number) {
  const positions: number[] = [];
  const present: number[] = [];
  const frequencies = Array.from({ length: classes }, () => ({ pixels: 0, images: 0, imagePixels: 0 }));
  let leftOut = 0;
  return {
    add({ index, status, truth }: ImageRecord): void {
      if (status === 'unreadable' || truth === null) {
        leftOut++;
        return;
      }
      positions.push(index);
      const pixels = truth.reduce((sum, count) => sum + count, 0);
      for (let c = 0; c < classes; c++) {
        present.push(truth[c] > 0 ? 1 : 0);
        if (truth[c] === 0) continue;
        frequencies[c].pixels += truth[c];
        frequencies[c].images++;
        frequencies[c].imagePixels += pixels;
      }
    },
    finish: (): Examples => ({ positions, present: Uint8Array.from(present), frequencies, leftOut }),
  };
}
