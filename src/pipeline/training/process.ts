import { troubleWords } from '../engines/engine.js';
import { CPU_ALONE, locateTensorflow, MISSING } from '../engines/tensorflow/locate.js';
import { forkTensorflow, lastWords } from '../engines/tensorflow/process.js';
import { UsageError, WorkError } from '../errors.js';
import type { TrainContext, TrainEvent } from './train-events.js';
import type { TrainRequest, TrainResult } from './train-request.js';

/** What the program says to the process that trains, first `begin`. */
export type ToTraining = { begin: { packageFolder: string; request: TrainRequest } } | { stop: true };

/** What the process says: events, then one of the others. `result` null: interrupted before the first step. */
export type FromTraining =
  | { event: TrainEvent }
  | { result: TrainResult | null }
  | { failed: { usage: boolean; message: string; stack: string | undefined } };

/**
 * Trains in a process of its own, which holds TensorFlow: a step keeps its thread busy, and the terminal has to answer meanwhile.
 * @returns null where it was interrupted before the first step
 * @throws what the recipe throws; WorkError where TensorFlow is not installed or its process ends
 */
export async function trainInProcess(request: TrainRequest, context: TrainContext): Promise<TrainResult | null> {
  const located = locateTensorflow();
  if (located === null) throw new WorkError(`training needs it, and ${troubleWords(MISSING)}`);
  const { device, jobs } = request;
  if (device === 'gpu' && located.installation?.variant === 'cpu') {
    throw new WorkError(`--device gpu: ${troubleWords(CPU_ALONE)}`);
  }
  const { child, lines } = forkTensorflow('train', located, { device, threads: jobs });
  const send = (message: ToTraining) => child.connected && child.send(message);
  const stop = () => void send({ stop: true });
  // Left at once: it would see that it is alone after its step only, and might write until then.
  const onExit = () => void child.kill('SIGKILL');
  process.once('exit', onExit);
  try {
    return await new Promise((resolve, reject) => {
      child.on('message', (message: FromTraining) => {
        if ('event' in message) context.emit(message.event);
        else if ('result' in message) resolve(message.result);
        else {
          const { usage, message: text, stack } = message.failed;
          reject(Object.assign(usage ? new UsageError(text) : new WorkError(text), { stack }));
        }
      });
      child.on('error', (error) => reject(new WorkError(`the process that trains failed: ${error.message}`)));
      child.on('close', (code, signal) => {
        const how = signal ?? `exit code ${code}`;
        reject(new WorkError(`the process that trains ended (${how})${lastWords(lines)}`));
      });
      send({ begin: { packageFolder: located.packageFolder, request } });
      if (context.signal.aborted) stop();
      context.signal.addEventListener('abort', stop);
    });
  } finally {
    context.signal.removeEventListener('abort', stop);
    process.removeListener('exit', onExit);
    child.kill('SIGKILL');
  }
}
