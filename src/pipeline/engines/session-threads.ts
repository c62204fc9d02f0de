import type { Transferable } from 'node:worker_threads';
import { UsageError, WorkError } from '../errors.js';
import { type WorkerName, workerFile } from '../program-files.js';
import { startWorkerPool, type WorkerPool } from '../stages/worker-pool.js';
import type { Engine, EngineInfo, EngineOptions, ModelOutput, Pixels } from './engine.js';
import { closeGate, closeGateNow, createGate, type NativeGate } from './native-gate.js';

/** What an engine and the threads of its sessions say to each other. */
export type SessionTask = { kind: 'open' } | { kind: 'infer'; images: readonly Pixels[] };
export type SessionAnswer =
  | { kind: 'opened'; info: EngineInfo }
  | { kind: 'outputs'; outputs: ModelOutput[]; notes: string[] }
  | { kind: 'failed'; usage: boolean; message: string; stack: string };

export interface SessionWorkerData {
  gate: NativeGate;
  options: Omit<EngineOptions, 'onNote'>;
}

type Pool = WorkerPool<SessionWorkerData, SessionTask, SessionAnswer>;

/** A session in each of `jobs` threads of a worker file that calls `serveSession`. No thread is ended during a call. */
export async function openThreads(worker: WorkerName, options: EngineOptions): Promise<Engine> {
  const gate = createGate();
  const pool: Pool = startWorkerPool(workerFile(worker), options.jobs);
  const { onNote, ...plain } = options;
  pool.begin({ gate, options: plain });
  const onExit = () => closeGateNow(gate);
  process.once('exit', onExit);
  let closed = false;
  const close = async () => {
    closed = true;
    await closeGate(gate);
    await pool.close();
    process.removeListener('exit', onExit);
  };
  try {
    // The pool gives each task to the least busy thread: this asks every one of them once.
    const opened = await Promise.all(Array.from({ length: options.jobs }, () => ask(pool, { kind: 'open' }, 'opened')));
    const infer: Engine['infer'] = async (images) => {
      if (closed) throw new WorkError('the engine is closed');
      const { handed, transfer } = handOver(images);
      const { outputs, notes } = await ask(pool, { kind: 'infer', images: handed }, 'outputs', transfer);
      for (const note of notes) onNote?.(note);
      return outputs;
    };
    return { info: opened[0].info, sessions: options.jobs, infer, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function ask<K extends SessionAnswer['kind']>(
  pool: Pool,
  task: SessionTask,
  kind: K,
  transfer: readonly Transferable[] = [],
): Promise<SessionAnswer & { kind: K }> {
  const answer = await pool.run(task, transfer);
  if (answer.kind === 'failed') throw revive(answer);
  if (answer.kind !== kind) throw new TypeError(`asked to ${task.kind}, a worker answered ${answer.kind}`);
  return answer as SessionAnswer & { kind: K };
}

/** An error that travelled as an answer. */
export function revive({ usage, message, stack }: SessionAnswer & { kind: 'failed' }): Error {
  return Object.assign(usage ? new UsageError(message) : new WorkError(message), { stack });
}

/** Buffers that an image fills wholly are moved, parts of larger ones are copied first, shared memory stays where it is. */
function handOver(images: readonly Pixels[]): { handed: Pixels[]; transfer: ArrayBuffer[] } {
  const transfer = new Set<ArrayBuffer>();
  const handed = images.map((image) => {
    const { buffer, byteLength } = image.data;
    if (buffer instanceof SharedArrayBuffer) return image;
    const data = byteLength === buffer.byteLength ? image.data : image.data.slice();
    transfer.add(data.buffer as ArrayBuffer);
    return { ...image, data };
  });
  return { handed, transfer: [...transfer] };
}
