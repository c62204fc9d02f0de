import { stat } from 'node:fs/promises';
import type { Transferable } from 'node:worker_threads';
import { UsageError, WorkError } from '../errors.js';
import { workerFile } from '../program-files.js';
import { startWorkerPool, type WorkerPool } from '../stages/worker-pool.js';
import type { Engine, EngineEntry, EngineInfo, EngineOptions, ModelOutput, Pixels } from './engine.js';
import { closeGate, closeGateNow, createGate, type NativeGate } from './native-gate.js';
import { hasCudaLibrary, probeOnnxRuntime } from './onnx-runtime.js';

/** What the engine and its threads say to each other. */
export type OnnxTask = { kind: 'open' } | { kind: 'infer'; images: readonly Pixels[] };
export type OnnxAnswer =
  | { kind: 'opened'; info: EngineInfo }
  | { kind: 'outputs'; outputs: ModelOutput[] }
  | { kind: 'failed'; usage: boolean; message: string; stack: string };

export interface OnnxWorkerData {
  gate: NativeGate;
  options: EngineOptions;
}

/** ONNX Runtime: one-thread sessions in `jobs` worker threads, where images are prepared and probabilities reduced too. */
export const onnxEntry: EngineEntry = {
  name: 'onnx',
  reads: (model) => /\.onnx$/i.test(model),
  probe: probeOnnxRuntime,
  open: openOnnx,
};

async function openOnnx(options: EngineOptions): Promise<Engine> {
  await checkFile(options.model);
  const trouble = await probeOnnxRuntime();
  if (trouble !== null) throw new WorkError(trouble);
  const cuda = options.device === 'gpu' || (options.device === 'auto' && hasCudaLibrary());
  if (!cuda) return openThreads({ ...options, device: 'cpu' });
  // One session keeps a GPU busy. Where `auto` ends on the CPU after all, it gets its threads.
  const engine = await openThreads({ ...options, jobs: 1 });
  if (engine.info.device !== 'cpu' || options.jobs === 1) return engine;
  const why = engine.info.notes.filter((note) => note.startsWith('cpu'));
  await engine.close();
  const onCpu = await openThreads({ ...options, device: 'cpu' });
  onCpu.info.notes.unshift(...why);
  return onCpu;
}

async function checkFile(model: string): Promise<void> {
  let isFile: boolean;
  try {
    isFile = (await stat(model)).isFile();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new UsageError(`no model at ${model}`);
    throw new WorkError(`the model ${model} can't be read: ${message}`, { cause: error });
  }
  if (!isFile) throw new UsageError(`the model ${model} is a folder; an .onnx file is expected`);
}

async function openThreads(options: EngineOptions): Promise<Engine> {
  const gate = createGate();
  const pool = startWorkerPool<OnnxWorkerData, OnnxTask, OnnxAnswer>(workerFile('onnx'), options.jobs);
  pool.begin({ gate, options });
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
      return (await ask(pool, { kind: 'infer', images: handed }, 'outputs', transfer)).outputs;
    };
    return { info: opened[0].info, infer, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function ask<K extends OnnxAnswer['kind']>(
  pool: WorkerPool<OnnxWorkerData, OnnxTask, OnnxAnswer>,
  task: OnnxTask,
  kind: K,
  transfer: readonly Transferable[] = [],
): Promise<OnnxAnswer & { kind: K }> {
  const answer = await pool.run(task, transfer);
  if (answer.kind === 'failed') {
    const error = answer.usage ? new UsageError(answer.message) : new WorkError(answer.message);
    throw Object.assign(error, { stack: answer.stack });
  }
  if (answer.kind !== kind) throw new TypeError(`asked to ${task.kind}, a worker answered ${answer.kind}`);
  return answer as OnnxAnswer & { kind: K };
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
