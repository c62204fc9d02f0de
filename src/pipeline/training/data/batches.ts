import { isImageLevel } from '../../dataset/image-level.js';
import { workerFile } from '../../program-files.js';
import { type Discovery, sampleNumber } from '../../stages/discover.js';
import { mapOrdered } from '../../stages/map-ordered.js';
import { startWorkerPool } from '../../stages/worker-pool.js';
import type { ExampleSettings } from './example-reader.js';
import { type Examples, labelOf as labelOfExample } from './examples.js';
import { epochLength, epochOrder, type Oversampling } from './sampling.js';
import type { BatchAnswer, BatchTask } from './tasks.js';

/** Where the loop gets its batches from. The same seed gives the same batches, whatever the threads do. */
export interface Batches {
  /** Steps of an epoch. */
  steps: number;
  /** Examples of an epoch, and images that are validated. */
  examples: { train: number; val: number };
  /** The batches of an epoch from a step on, both counted from 0. */
  train(epoch: number, fromStep: number): AsyncIterable<BatchAnswer>;
  /** The validation images as they are, in the order of images.csv. */
  validate(): AsyncIterable<BatchAnswer>;
  close(): Promise<void>;
}

export interface BatchOptions {
  discovery: Discovery;
  train: Examples;
  val: Examples;
  oversampling: Oversampling;
  batch: number;
  jobs: number;
  settings: ExampleSettings;
}

/**
 * Batches that worker threads make ahead of the step that computes: one a thread and one more, which bounds what is in memory.
 */
export function openBatches({ discovery, train, val, oversampling, batch, jobs, settings }: BatchOptions): Batches {
  const pool = startWorkerPool<ExampleSettings, BatchTask, BatchAnswer>(workerFile('batches'), jobs);
  pool.begin(settings);
  /** An image's own class; the annotation says it where pixels have classes. */
  const labelOf = isImageLevel(settings.dataset) ? labelOfExample : () => null;
  const load = (tasks: Iterable<BatchTask>) => mapOrdered(tasks, jobs + 1, (task) => pool.run(task));
  const length = epochLength(train, oversampling);

  function* trainTasks(epoch: number, fromStep: number): Generator<BatchTask> {
    const order = epochOrder(train, oversampling, settings.seed, epoch);
    for (let first = fromStep * batch; first < order.length; first += batch) {
      const examples = order.slice(first, first + batch).map((example, i) => ({
        sample: sampleNumber(discovery, train.positions[example]),
        label: labelOf(train, example),
        draw: [epoch, first + i],
      }));
      yield { examples };
    }
  }

  function* valTasks(): Generator<BatchTask> {
    for (let first = 0; first < val.positions.length; first += batch) {
      const positions = val.positions.slice(first, first + batch);
      const examples = positions.map((position, i) => ({
        sample: sampleNumber(discovery, position),
        label: labelOf(val, first + i),
        draw: null,
      }));
      yield { examples };
    }
  }

  return {
    steps: Math.ceil(length / batch),
    examples: { train: length, val: val.positions.length },
    train: (epoch, fromStep) => load(trainTasks(epoch, fromStep)),
    validate: () => load(valTasks()),
    close: pool.close,
  };
}
