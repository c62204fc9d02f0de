import type { OutputStream } from '../ui/text-output.js';

/** What a pipe says whose reader has gone. */
const GONE = new Set(['EPIPE', 'ERR_STREAM_DESTROYED', 'ECONNRESET']);

/** The reader of stdout has gone: there is nobody to write for, and nothing is wrong. */
export class ClosedPipe extends Error {
  override name = 'ClosedPipe';
}

/**
 * Writes texts to a stream one after the other and waits until each was taken, so that memory does not grow with what a
 * slow reader has not read. Rejects with ClosedPipe where the reader has gone.
 */
export function writer(stream: OutputStream): (text: string) => Promise<void> {
  return (text) =>
    new Promise((resolve, reject) => {
      stream.write(text, (error?: NodeJS.ErrnoException | null) => {
        if (!error) resolve();
        else reject(GONE.has(error.code ?? '') ? new ClosedPipe() : error);
      });
    });
}
