import { parentPort, type Transferable, workerData } from 'node:worker_threads';
import { UsageError } from '../errors.js';
import type { Engine } from './engine.js';
import { throughGate } from './native-gate.js';
import type { OnnxAnswer, OnnxTask, OnnxWorkerData } from './onnx.js';
import { openOnnxSession } from './onnx-session.js';

/**
 * A thread of the onnx engine: opens its session at once, then answers `{ id, task }` with `{ id, answer }`, one after the
 * other. Errors travel as answers, so that a wrong call stays one.
 */
const { gate, options } = workerData as OnnxWorkerData;
const opening: Promise<Engine> = throughGate(gate, () => openOnnxSession(options));
opening.catch(() => {});
let last: Promise<void> = Promise.resolve();

parentPort?.on('message', ({ id, task }: { id: number; task: OnnxTask }) => {
  last = last.then(async () => {
    const answer = await answerTask(task);
    const transfer: Transferable[] =
      answer.kind === 'outputs' ? answer.outputs.map(({ labels }) => labels.buffer as ArrayBuffer) : [];
    parentPort?.postMessage({ id, answer }, transfer);
  });
});

async function answerTask(task: OnnxTask): Promise<OnnxAnswer> {
  try {
    const session = await opening;
    if (task.kind === 'open') return { kind: 'opened', info: session.info };
    return { kind: 'outputs', outputs: await throughGate(gate, () => session.infer(task.images)) };
  } catch (error) {
    const { message, stack } = error as Error;
    return { kind: 'failed', usage: error instanceof UsageError, message, stack: stack ?? message };
  }
}
