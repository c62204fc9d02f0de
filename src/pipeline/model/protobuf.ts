import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A protobuf's bytes, without those of a file being read into memory all at once. */
export interface Bytes {
  size: number;
  at(position: number): number;
}

export interface Field {
  number: number;
  /** Of the payload of a length-delimited field, else an empty range. */
  start: number;
  end: number;
  /** Of an integer, exact to 2^53; else 0. */
  value: number;
}

class Malformed extends Error {}

/**
 * Lets `read` look at a protobuf file; long fields that it doesn't look at are stepped over. A file that is no protobuf gives null.
 */
export function readProtobuf<T>(path: string, read: (bytes: Bytes) => T): T | null {
  const file = openSync(path, 'r');
  try {
    return read(pagedBytes(file, fstatSync(file).size));
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Longer texts are no names that lead to a graph's output. */
const LONGEST_NAME = 4096;

/** A field's text, '' for one that is too long for a name. */
export function text(bytes: Bytes, field: Field): string {
  const length = field.end - field.start;
  if (length > LONGEST_NAME) return '';
  return Buffer.from(Array.from({ length }, (_, i) => bytes.at(field.start + i))).toString('utf8');
}

/** The integers of a field of a list: one, or several that are packed; they are not negative. */
export function integers(bytes: Bytes, { start, end, value }: Field): number[] {
  if (start === end) return [value];
  const values: number[] = [];
  let read = 0;
  let scale = 1;
  for (let position = start; position < end; position++) {
    const byte = bytes.at(position);
    read += (byte & 127) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    values.push(read);
    read = 0;
    scale = 1;
  }
  return values;
}

/** The fields of a message that lies from `start` to `end`. */
export function* fields(bytes: Bytes, start: number, end: number): Generator<Field> {
  let position = start;
  /** Base-128 number, at most ten bytes; as a double, exact to 2^53, which is more than any file's length. */
  const varint = () => {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      if (position >= end) throw new Malformed();
      const byte = bytes.at(position++);
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return value;
    }
    throw new Malformed();
  };
  while (position < end) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    let length = 0;
    let value = 0;
    if (wire === 0) value = varint();
    else if (wire === 1) length = 8;
    else if (wire === 2) length = varint();
    else if (wire === 5) length = 4;
    else throw new Malformed();
    if (number === 0 || length > end - position) throw new Malformed();
    yield { number, start: position, end: wire === 2 ? position + length : position, value };
    position += length;
  }
}

const PAGE = 65536;

/** A file's bytes through one page: walking forward reads each page at most once, and none that lies inside a skipped field. */
function pagedBytes(file: number, size: number): Bytes {
  const page = Buffer.alloc(PAGE);
  let first = -1;
  let filled = 0;
  return {
    size,
    at(position) {
      const wanted = position - (position % PAGE);
      if (wanted !== first) {
        filled = readSync(file, page, 0, PAGE, wanted);
        first = wanted;
      }
      if (position - first >= filled) throw new Malformed();
      return page[position - first];
    },
  };
}
