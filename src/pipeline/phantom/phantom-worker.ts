import { parentPort, workerData } from 'node:worker_threads';
import { type Job, makeRange, type Range } from './make.js';

/** Makes the ranges that it is sent; the protocol is that of `startWorkerPool`. */
const job = workerData as Job;

parentPort!.on('message', ({ id, task }: { id: number; task: Range }) => {
  try {
    parentPort!.postMessage({ id, answer: makeRange(job, task) });
  } catch (error) {
    const { name, message } = error as Error;
    parentPort!.postMessage({ id, error: { name, message } });
  }
});
