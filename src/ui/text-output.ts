import { WorkError } from '../pipeline/errors.js';

/** The part of a Node stream that is written to; tests pass a plain EventEmitter with `write`. */
export interface OutputStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string, done?: (error?: Error | null) => void): boolean;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
  off(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

export interface TextOutput {
  write(text: string): void;
  /** Nothing can be written any more: the reader has gone, or the disk is full. */
  readonly closed: boolean;
  /** When everything has been handed over. Throws WorkError where writing failed; a reader that has gone is no failure. */
  close(): Promise<void>;
}

/** What a pipe says whose reader has gone (`| head`): POSIX, and a stream that Node has already torn down. */
const GONE = new Set(['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END', 'ECONNRESET']);

/**
 * Writes to a standard stream without ever throwing into the run: errors arrive as events there, often after the call that
 * caused them, and an unheard one would end the process.
 */
export function textOutput(stream: OutputStream, name: 'stdout' | 'stderr', gone?: () => void): TextOutput {
  let closed = false;
  let fault: NodeJS.ErrnoException | null = null;
  const failed = (error: NodeJS.ErrnoException) => {
    if (closed) return;
    closed = true;
    if (GONE.has(error.code ?? '')) gone?.();
    else fault = error;
  };
  stream.on('error', failed);
  return {
    get closed() {
      return closed;
    },
    write(text) {
      if (closed || text === '') return;
      try {
        stream.write(text);
      } catch (error) {
        failed(error as NodeJS.ErrnoException);
      }
    },
    async close() {
      if (!closed) {
        await new Promise<void>((resolve) => {
          stream.write('', (error) => {
            if (error) failed(error);
            resolve();
          });
        });
      }
      // The listener stays: a pipe's error may come after the last write was accepted.
      if (fault) throw new WorkError(`cannot write to ${name}: ${fault.message}`);
    },
  };
}
