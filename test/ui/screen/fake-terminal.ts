import { EventEmitter } from 'node:events';
import type { InputStream } from '../../../src/ui/screen/mount.js';
import type { ScreenStream } from '../../../src/ui/screen/stage.js';

/**
 * A terminal that understands what the painter writes: it places characters of one column each, and remembers modes. Writing
 * beyond its size is an error, as is a sequence that it does not know.
 */
export class FakeTerminal extends EventEmitter {
  isTTY = true;
  cells: string[][] = [];
  alternate = false;
  cursorShown = true;
  wraps = true;
  /** Rows that were written, for what is drawn too often. */
  rowsWritten = 0;
  written = '';
  private y = 0;
  private x = 0;

  constructor(
    public columns: number,
    public rows: number,
  ) {
    super();
    this.clear();
  }

  clear(): void {
    this.cells = Array.from({ length: this.rows }, () => new Array<string>(this.columns).fill(' '));
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.clear();
    this.emit('resize');
  }

  write(text: string, done?: (error?: Error | null) => void): boolean {
    this.written += text;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences
    for (const token of text.match(/\u001b\[[?0-9;]*[A-Za-z]|[\s\S]/gu) ?? []) this.take(token);
    if (done) process.nextTick(done);
    return true;
  }

  private take(token: string): void {
    if (!token.startsWith('\u001b')) {
      if (!this.alternate) return;
      if (this.y >= this.rows || this.x >= this.columns) throw new Error(`written at ${this.x},${this.y}: ${token}`);
      this.cells[this.y][this.x++] = token;
      return;
    }
    const [parameters, final] = [token.slice(2, -1), token.at(-1)];
    if (final === 'm') return;
    if (final === 'H') {
      const [row, column] = parameters === '' ? [1, 1] : parameters.split(';').map(Number);
      [this.y, this.x] = [row - 1, column - 1];
      this.rowsWritten++;
    } else if (final === 'K') this.cells[this.y].fill(' ', this.x);
    else if (final === 'J') this.clear();
    else if (parameters === '?1049') this.alternate = final === 'h';
    else if (parameters === '?25') this.cursorShown = final === 'h';
    else if (parameters === '?7') this.wraps = final === 'h';
    else if (parameters !== '?2026') throw new Error(`unknown sequence ${JSON.stringify(token)}`);
  }

  /** What is seen, a line a row, without spaces at the ends. */
  get lines(): string[] {
    return this.cells.map((row) => row.join('').trimEnd());
  }

  get text(): string {
    return this.lines.join('\n');
  }

  asStream(): ScreenStream {
    return this as unknown as ScreenStream;
  }
}

/** Keys as a terminal in raw mode sends them. */
export class FakeKeys extends EventEmitter {
  isTTY = true;
  raw = false;
  private waiting: string[] = [];
  press(text: string): void {
    this.waiting.push(text);
    this.emit('readable');
  }
  read(): string | null {
    return this.waiting.shift() ?? null;
  }
  setRawMode(raw: boolean): void {
    this.raw = raw;
  }
  setEncoding(): void {}
  ref(): void {}
  unref(): void {}
  asStream(): InputStream {
    return this as unknown as InputStream;
  }
}
