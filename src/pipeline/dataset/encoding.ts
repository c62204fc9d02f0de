import type { MaskEncoding } from './dataset.js';

/** Values of a mask file from which interpolated grays are read as on, where nothing else is stated. */
const CUT = 128;

export interface Reading {
  applied: Exclude<MaskEncoding, 'auto'>;
  /** 256 entries: 255 for a value that is read as on, else 0. */
  table: Uint8Array;
  /** Pixels that are on by the unforced reading: what `auto` takes, or any value above zero where that is nothing. */
  rawOn: number;
  /** Values that the unforced reading takes as on. */
  rawTable: Uint8Array;
  encodedOn: number;
}

/**
 * Decides how a 0/255 mask is read, from its histogram (256 counts). A stated encoding is applied as stated. `auto`: values
 * {0, 1} with a 1 are 0/1; anything else in between is an interpolated mask and cut at 128; {0, 255} is what masks should be.
 */
export function readEncoding(histogram: ArrayLike<number>, stated: MaskEncoding): Reading {
  const automatic = diagnose(histogram);
  const applied = stated === 'auto' ? automatic : stated;
  const table = encodingTable(applied);
  let rawTable = encodingTable(automatic);
  let rawOn = countOn(histogram, rawTable);
  if (rawOn === 0) {
    rawTable = encodingTable('nonzero');
    rawOn = countOn(histogram, rawTable);
  }
  return { applied, table, rawTable, rawOn, encodedOn: countOn(histogram, table) };
}

function diagnose(histogram: ArrayLike<number>): Exclude<MaskEncoding, 'auto'> {
  let grays = 0;
  for (let value = 2; value < 255; value++) grays += histogram[value];
  if (grays === 0 && histogram[1] === 0) return '0-255';
  if (grays === 0 && histogram[255] === 0) return '0-1';
  return `threshold:${CUT}`;
}

/** 255 for each value that the encoding takes as on. `threshold:N` takes values of N and more. */
function encodingTable(encoding: Exclude<MaskEncoding, 'auto'>): Uint8Array {
  const table = new Uint8Array(256);
  const [kind, parameter] = encoding.split(':');
  const number = Number(parameter);
  for (let value = 0; value < 256; value++) {
    const on =
      kind === '0-255'
        ? value === 255
        : kind === '0-1'
          ? value === 1
          : kind === 'nonzero'
            ? value !== 0
            : kind === 'threshold'
              ? value >= number
              : value === number;
    if (on) table[value] = 255;
  }
  return table;
}

function countOn(histogram: ArrayLike<number>, table: Uint8Array): number {
  let on = 0;
  for (let value = 0; value < 256; value++) if (table[value] !== 0) on += histogram[value];
  return on;
}

/** Whether a string is an encoding that `--mask-encoding` takes. */
export function isMaskEncoding(text: string): text is MaskEncoding {
  return /^(auto|0-255|0-1|nonzero|(threshold|equals):(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5]))$/.test(text);
}
