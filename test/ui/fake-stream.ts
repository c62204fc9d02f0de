import { EventEmitter } from 'node:events';
import type { OutputStream } from '../../src/ui/text-output.js';

/** A stream that keeps what is written, and fails as told, the way Node's standard streams do: later, by event. */
export class FakeStream extends EventEmitter {
  chunks: string[] = [];
  isTTY?: boolean;
  columns?: number;
  /** Error code that writes end with from now on. */
  failure: string | null = null;

  constructor(given: { isTTY?: boolean; columns?: number } = {}) {
    super();
    Object.assign(this, given);
  }

  write(text: string, done?: (error?: Error | null) => void): boolean {
    if (this.failure !== null) {
      const error = Object.assign(new Error(`write ${this.failure}`), { code: this.failure });
      process.nextTick(() => {
        done?.(error);
        this.emit('error', error);
      });
      return false;
    }
    if (text !== '') this.chunks.push(text);
    if (done) process.nextTick(done);
    return true;
  }

  get text(): string {
    return this.chunks.join('');
  }

  asOutput(): OutputStream {
    return this as unknown as OutputStream;
  }
}

/** What a terminal of any width shows after the text: only `\r`, `\n` and erase-to-end-of-line are known to it. */
export function screenOf(text: string): string[] {
  const lines = [''];
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences
  for (const token of text.match(/\u001b\[K|[\s\S]/gu) ?? []) {
    const row = lines.length - 1;
    if (token === '\n') {
      lines.push('');
      column = 0;
    } else if (token === '\r') column = 0;
    else if (token === '\u001b[K') lines[row] = lines[row].slice(0, column);
    else {
      lines[row] = lines[row].slice(0, column).padEnd(column) + token + lines[row].slice(column + 1);
      column++;
    }
  }
  return lines;
}
