import type { ClassSpec } from '../../pipeline/dataset/dataset.js';
import { isImageLevel } from '../../pipeline/dataset/image-level.js';
import type { OverlapCounts } from '../../pipeline/metrics/counts.js';
import { outcomeOf, overlapCounts } from '../../pipeline/metrics/counts.js';
import { iou } from '../../pipeline/metrics/overlap.js';
import type { ImageRecord, Status } from '../../pipeline/record.js';
import type { JournalHeader } from '../../pipeline/sinks/journal.js';
import type { Outcome } from '../../pipeline/summary.js';

/** A class that has columns in the table. */
export interface TableClass {
  index: number;
  key: string;
}

/** Classes beyond these get no columns: 17 bytes an image and class. */
export const MOST_CLASSES = 16;

const STATUSES: readonly Status[] = ['scored', 'unscored', 'unreadable'];

/** Numbers in a typed array that doubles when it is full; `hold` makes room before they are written. */
function column<T extends Int32Array | Float32Array | Uint32Array | Uint8Array | Uint16Array>(
  make: (length: number) => T,
): { values: T; hold(rows: number): void } {
  return {
    values: make(1024),
    hold(rows) {
      while (rows > this.values.length) {
        const larger = make(this.values.length * 2);
        larger.set(this.values);
        this.values = larger;
      }
    },
  };
}

const integers = () => column((length) => new Int32Array(length));
const bytes = () => column((length) => new Uint8Array(length));

/** Words in the order in which they came up, by number. */
export function wordList(): { words: string[]; number(word: string): number } {
  const numbers = new Map<string, number>();
  const words: string[] = [];
  return {
    words,
    number(word) {
      const known = numbers.get(word);
      if (known !== undefined) return known;
      numbers.set(word, words.length);
      return words.push(word) - 1;
    },
  };
}

/** Nothing was counted: no annotation that can be read, or no prediction. */
const UNKNOWN = -1;

/**
 * What lists show of every image of a run, in the order of images.csv: grows by records, some hundred bytes each, of which the
 * image's id is the most. Everything else of an image is read from the journal when it is opened.
 */
export function createImageTable(classes: readonly TableClass[]) {
  const shown = classes.slice(0, MOST_CLASSES);
  const images: string[] = [];
  const rows = new Map<string, number>();
  const splits = wordList();
  const sources = wordList();
  const rules = wordList();
  const split = column((length) => new Uint16Array(length));
  const source = bytes();
  const status = bytes();
  const heat = column((length) => new Float32Array(length));
  // A bit for each of up to 64 rules.
  const found = [0, 1].map(() => column((length) => new Uint32Array(length)));
  const counts = shown.map(() => ({
    truth: integers(),
    tp: integers(),
    fp: integers(),
    fn: integers(),
    probability: column((length) => new Float32Array(length)),
  }));

  function note(row: number, rule: string): void {
    const bit = rules.number(rule);
    const word = found[bit >> 5];
    if (word) word.values[row] |= 1 << (bit & 31);
  }

  return {
    classes: shown,
    splits: splits.words,
    sources: sources.words,
    rules: rules.words,
    get size() {
      return images.length;
    },
    append(records: readonly ImageRecord[]): void {
      const size = images.length + records.length;
      for (const each of [split, source, status, heat, ...found, ...counts.flatMap((of) => Object.values(of))])
        each.hold(size);
      for (const record of records) {
        const row = images.push(record.image) - 1;
        rows.set(record.image, row);
        split.values[row] = splits.number(record.split);
        source.values[row] = sources.number(record.source);
        status.values[row] = STATUSES.indexOf(record.status);
        heat.values[row] = record.heatInLungs ?? UNKNOWN;
        if (record.findings) for (const finding of record.findings) note(row, finding.rule);
        for (let c = 0; c < shown.length; c++) {
          const { index } = shown[c];
          const { truth, tp, fp, fn, probability } = counts[c];
          truth.values[row] = record.truth === null ? UNKNOWN : record.truth[index];
          probability.values[row] = record.maxProbability?.[index] ?? UNKNOWN;
          const overlap = record.confusion && overlapCounts(record.confusion, index);
          tp.values[row] = overlap === null ? UNKNOWN : overlap.tp;
          fp.values[row] = overlap === null ? 0 : overlap.fp;
          fn.values[row] = overlap === null ? 0 : overlap.fn;
        }
      }
    },
    /** A finding that came up after the image's record. */
    addRule(image: string, rule: string): void {
      const row = rows.get(image);
      if (row !== undefined) note(row, rule);
    },
    rowOf: (image: string): number | null => rows.get(image) ?? null,
    image: (row: number): string => images[row],
    split: (row: number): string => splits.words[split.values[row]],
    source: (row: number): string => sources.words[source.values[row]],
    status: (row: number): Status => STATUSES[status.values[row]],
    hasRule(row: number, rule: string): boolean {
      const bit = rules.words.indexOf(rule);
      const word = found[bit >> 5];
      return bit >= 0 && word !== undefined && (word.values[row] & (1 << (bit & 31))) !== 0;
    },
    rulesOf(row: number): string[] {
      return rules.words.filter((_, bit) => (found[bit >> 5]?.values[row] ?? 0) & (1 << (bit & 31)));
    },
    /** Pixels of a class (by its place in `classes`) in the annotation; null where there is none that can be read. */
    truth(row: number, c: number): number | null {
      const pixels = counts[c].truth.values[row];
      return pixels === UNKNOWN ? null : pixels;
    },
    /** null: unscored. */
    overlap(row: number, c: number): OverlapCounts | null {
      const { tp, fp, fn } = counts[c];
      if (tp.values[row] === UNKNOWN) return null;
      return { tp: tp.values[row], fp: fp.values[row], fn: fn.values[row] };
    },
    outcome(row: number, c: number): Outcome {
      return outcomeOf(this.overlap(row, c));
    },
    iou(row: number, c: number): number | null {
      const overlap = this.overlap(row, c);
      return overlap && iou(overlap);
    },
    predicted(row: number, c: number): number | null {
      const overlap = this.overlap(row, c);
      return overlap && overlap.tp + overlap.fp;
    },
    /** Place of the class that an image is of, and of the one it is told to be of, where images as a whole have the classes; null: unknown. */
    answer(row: number): { label: number | null; predicted: number | null } {
      const place = (has: (c: number) => boolean) => {
        const c = shown.findIndex((_, i) => has(i));
        return c < 0 ? null : c;
      };
      return {
        label: place((c) => counts[c].truth.values[row] > 0),
        predicted: place((c) => (this.predicted(row, c) ?? 0) > 0),
      };
    },
    /** Share of a classifier's heat inside the lungs, to some seven digits; null where there is none. */
    heat(row: number): number | null {
      const value = heat.values[row];
      return value === UNKNOWN ? null : value;
    },
    /** Highest probability that the class reached, to some seven digits; null where there is none. */
    probability(row: number, c: number): number | null {
      const value = counts[c].probability.values[row];
      return value === UNKNOWN ? null : value;
    },
  };
}

/**
 * The classes of a run that its lists are about: those that were asked for, and of images as a whole all of them, since what one is
 * told to be is one of them.
 */
export function listedClasses({ dataset, classes }: Pick<JournalHeader, 'dataset' | 'classes'>): ClassSpec[] {
  return dataset.classes.filter(({ key }) => isImageLevel(dataset) || classes.includes(key));
}

/** Place of the class to look at first: lesions, beside which the lung is their ground; of images the first that was asked for. */
export function firstFocus(
  { dataset, classes }: Pick<JournalHeader, 'dataset' | 'classes'>,
  listed: readonly ClassSpec[],
): number {
  const isWanted = isImageLevel(dataset)
    ? ({ index, key }: ClassSpec) => index > 0 && classes.includes(key)
    : ({ index }: ClassSpec) => dataset.layout === 'covid-qu-ex' && index >= 2;
  return Math.max(0, listed.findIndex(isWanted));
}

export type ImageTable = ReturnType<typeof createImageTable>;
