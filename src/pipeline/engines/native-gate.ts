import { setTimeout as sleep } from 'node:timers/promises';
import { WorkError } from '../errors.js';

/**
 * Keeps threads from being ended while they are inside onnxruntime: its binding aborts the whole process (SIGABRT) when a
 * worker thread is terminated, or the program exits, during a call. Two counters in shared memory: whether to stop, and how
 * many threads are inside.
 */
export type NativeGate = Int32Array<SharedArrayBuffer>;

const STOP = 0;
const INSIDE = 1;
const POLL_MS = 5;
/** Longest wait of a program that is about to end for a batch that is being computed. */
const EXIT_WAIT_MS = 30_000;

export function createGate(): NativeGate {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** Does work that goes into native code, unless the gate is closed. @throws WorkError where it is. */
export async function throughGate<T>(gate: NativeGate, work: () => Promise<T>): Promise<T> {
  Atomics.add(gate, INSIDE, 1);
  try {
    if (Atomics.load(gate, STOP) === 1) throw new WorkError('the engine is closed');
    return await work();
  } finally {
    Atomics.sub(gate, INSIDE, 1);
    Atomics.notify(gate, INSIDE);
  }
}

/** Lets no more work in and waits until what is inside is done. */
export async function closeGate(gate: NativeGate): Promise<void> {
  Atomics.store(gate, STOP, 1);
  while (Atomics.load(gate, INSIDE) > 0) await sleep(POLL_MS);
}

/** The same for a handler of the program's `exit`, which can't wait otherwise: blocks the thread. */
export function closeGateNow(gate: NativeGate): void {
  Atomics.store(gate, STOP, 1);
  const end = performance.now() + EXIT_WAIT_MS;
  let inside = Atomics.load(gate, INSIDE);
  while (inside > 0 && performance.now() < end) {
    Atomics.wait(gate, INSIDE, inside, 100);
    inside = Atomics.load(gate, INSIDE);
  }
}
