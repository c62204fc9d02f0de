import type { StepLog } from './loop.js';
import type { TrainContext } from './train-events.js';

/** Draws and logs want no more than this. */
const EVERY_MS = 100;

/** Images that go through the network, both passes of all epochs. */
export interface Work {
  done: number;
  total: number;
}

/** Emits progress: the first and the last step of a pass, and some ten a second between. */
export function createTrainProgress(work: Work, { emit }: TrainContext) {
  const started = performance.now();
  const resumed = work.done;
  let { done } = work;
  let last = Number.NEGATIVE_INFINITY;
  let mean = { key: '', sum: 0, images: 0 };
  return (log: StepLog): void => {
    const now = performance.now();
    done += log.images;
    const { pass, epoch, step, steps, loss, learningRate } = log;
    const key = `${pass} ${epoch}`;
    if (mean.key !== key) mean = { key, sum: 0, images: 0 };
    mean.sum += loss * log.images;
    mean.images += log.images;
    if (step > 1 && step < steps && now - last < EVERY_MS) return;
    last = now;
    emit({
      type: 'progress',
      progress: {
        ...{ pass, epoch, step, steps, loss, learningRate },
        meanLoss: mean.sum / mean.images,
        work: { done, total: work.total, measured: done - resumed, elapsedMs: now - started },
        memoryBytes: process.memoryUsage.rss(),
      },
    });
  };
}
