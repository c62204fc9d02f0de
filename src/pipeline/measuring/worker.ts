import { parentPort, type Transferable, workerData } from 'node:worker_threads';
import { type MeasureAnswer, type MeasureTask, type MeasureWorkerData, startMeasuring } from './tasks.js';

const port = parentPort;
if (!port) throw new Error('this file runs in a worker thread');

const work = startMeasuring(workerData as MeasureWorkerData);

// One task after the other: a measurer keeps one image at a time in its slots.
let last: Promise<void> = Promise.resolve();
port.on('message', ({ id, task }: { id: number; task: MeasureTask }) => {
  last = last.then(async () => {
    try {
      const transfer: Transferable[] = [];
      const answer: MeasureAnswer = await (await work)(task, transfer);
      port.postMessage({ id, answer }, transfer);
    } catch (error) {
      const { name, message } = error as Error;
      port.postMessage({ id, error: { name, message } });
    }
  });
});
