import type { Sample } from '../dataset/dataset.js';
import type { Engine, ModelOutput, Pixels } from '../engines/engine.js';
import type { DecodedPicture } from '../measuring/decode-picture.js';
import type { GivenPrediction } from '../measuring/measure-image.js';
import type { MeasureAnswer, MeasureTask, MeasureWorkerData, SampleTask } from '../measuring/tasks.js';
import { type ImageRecord, PROBES, type Probe } from '../record.js';
import { stemOf } from './discover.js';
import { mapOrdered } from './map-ordered.js';
import type { WorkerPool } from './worker-pool.js';

export type MeasurePool = WorkerPool<MeasureWorkerData, MeasureTask, MeasureAnswer>;

/** Samples that go through the stages together; with a model also what was read and predicted of each. */
export interface Batch {
  samples: readonly SampleTask[];
  given: readonly GivenPrediction[] | null;
}

/** What the threads made of a batch: its records, their lines of the journal, and the text of their rows for each CSV file. */
export interface MeasuredBatch {
  lines: Uint8Array;
  rows: readonly Uint8Array[];
  records: readonly ImageRecord[];
}

/** Images that travel together where no model sets the batch: few at first, so that results come soon, then ever more. */
const FIRST_BATCH = 8;
const LARGEST_BATCH = 128;

/**
 * Groups samples for the way to the workers; ends early where the signal is aborted, so that what is in flight drains.
 * @param fixed the model's batch; null: as suits messages between threads, each of which costs as much as measuring an image
 */
export function* batchSamples(
  samples: Iterable<Sample>,
  fixed: number | null,
  repeated: ReadonlySet<string>,
  signal: AbortSignal,
): Generator<Batch> {
  let size = fixed ?? FIRST_BATCH;
  let tasks: SampleTask[] = [];
  for (const sample of samples) {
    if (signal.aborted) return;
    const stemIsUnique =
      repeated.size === 0 || !repeated.has(stemOf(sample.imagePath.slice(sample.imagePath.lastIndexOf('/') + 1)));
    tasks.push({ sample, stemIsUnique });
    if (tasks.length < size) continue;
    yield { samples: tasks, given: null };
    tasks = [];
    size = fixed ?? Math.min(size * 2, LARGEST_BATCH);
  }
  if (tasks.length > 0) yield { samples: tasks, given: null };
}

/** Decodes the pictures of each batch in the worker threads, at most `limit` batches at once. */
export function decode(pool: MeasurePool, limit: number) {
  return (batches: Iterable<Batch>) =>
    mapOrdered(batches, limit, async ({ samples }) => {
      const answer = await pool.run({ kind: 'pictures', samples });
      if (answer.kind !== 'pictures') throw new TypeError('a worker answered another question');
      return { samples, decoded: answer.decoded };
    });
}

/**
 * Runs the model over decoded batches. Each of its sessions has one at work and one that waits, and some more are done before
 * their turn: results keep their order, and no session has to wait for another one's. Pictures that could not be read get no output.
 */
export function infer(engine: Engine) {
  const limit = 3 * engine.sessions;
  return (batches: AsyncIterable<{ samples: readonly SampleTask[]; decoded: DecodedPicture[] }>) =>
    mapOrdered(batches, limit, async ({ samples, decoded }): Promise<Batch> => {
      const predict = (choose: (each: DecodedPicture) => Pixels | null) => inferThose(engine, decoded.map(choose));
      const probing = decoded.some(({ probed }) => probed);
      const probes = PROBES.map((probe) => (probing ? predict(({ probed }) => probed?.[probe] ?? null) : []));
      const [outputs, ...hidden] = await Promise.all([predict(({ pixels }) => pixels), ...probes]);
      const given = decoded.map(({ picture, probed }, i): GivenPrediction => {
        const output = outputs[i];
        if (!probed) return { picture, output };
        const ofProbe = Object.fromEntries(PROBES.map((probe, p) => [probe, hidden[p][i]]));
        return { picture, output, probed: ofProbe as Record<Probe, ModelOutput> };
      });
      return { samples, given };
    });
}

/** Outputs of the pictures that are there, each in its place. */
async function inferThose(engine: Engine, pictures: readonly (Pixels | null)[]): Promise<(ModelOutput | null)[]> {
  const there = pictures.filter((picture) => picture !== null);
  const outputs = there.length === 0 ? [] : await engine.infer(there);
  let next = 0;
  return pictures.map((picture) => (picture ? outputs[next++] : null));
}

/** Measures batches in the worker threads, at most `limit` at once. */
export function measure(pool: MeasurePool, limit: number) {
  return (batches: Iterable<Batch> | AsyncIterable<Batch>) =>
    mapOrdered(batches, limit, async (batch): Promise<MeasuredBatch> => {
      const answer = await pool.run({ kind: 'measure', ...batch });
      if (answer.kind !== 'measure') throw new TypeError('a worker answered another question');
      const { lines, rows, records } = answer;
      return { lines, rows, records: JSON.parse(records) as ImageRecord[] };
    });
}
