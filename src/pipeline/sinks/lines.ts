import { closeSync, openSync, readSync } from 'node:fs';

/** A line without its line break, and the offset of the byte behind that. */
export interface Line {
  text: string;
  end: number;
}

/** Lines that end in a newline, with the byte after each; a torn last one is left out. Memory: one block of the file. */
export function* readLines(file: string): Generator<Line, void, undefined> {
  const descriptor = openSync(file, 'r');
  try {
    const block = Buffer.alloc(1 << 18);
    let rest = Buffer.alloc(0);
    let end = 0;
    while (true) {
      const count = readSync(descriptor, block, 0, block.length, null);
      if (count === 0) return;
      let bytes = rest.length > 0 ? Buffer.concat([rest, block.subarray(0, count)]) : block.subarray(0, count);
      let newline = bytes.indexOf(10);
      while (newline >= 0) {
        end += newline + 1;
        yield { text: bytes.toString('utf8', 0, newline), end };
        bytes = bytes.subarray(newline + 1);
        newline = bytes.indexOf(10);
      }
      rest = Buffer.from(bytes);
    }
  } finally {
    closeSync(descriptor);
  }
}
