import type { Transferable } from 'node:worker_threads';
import { UsageError } from '../errors.js';
import { serveTasks } from '../stages/serve-tasks.js';
import type { Engine } from './engine.js';
import { throughGate } from './native-gate.js';
import type { OnnxAnswer, OnnxTask, OnnxWorkerData } from './onnx.js';
import { openOnnxSession } from './onnx-session.js';

/** A thread of the onnx engine: opens its session at once. Errors travel as answers, so that a wrong call stays one. */
serveTasks(({ gate, options }: OnnxWorkerData) => {
  const opening: Promise<Engine> = throughGate(gate, () => openOnnxSession(options));
  opening.catch(() => {});

  return async (task: OnnxTask, transfer: Transferable[]): Promise<OnnxAnswer> => {
    try {
      const session = await opening;
      if (task.kind === 'open') return { kind: 'opened', info: session.info };
      const outputs = await throughGate(gate, () => session.infer(task.images));
      for (const { labels } of outputs) transfer.push(labels.buffer as ArrayBuffer);
      return { kind: 'outputs', outputs };
    } catch (error) {
      const { message, stack } = error as Error;
      return { kind: 'failed', usage: error instanceof UsageError, message, stack: stack ?? message };
    }
  };
});
