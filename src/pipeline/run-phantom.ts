import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { WorkError } from './errors.js';
import { makeFolders, writeManifest } from './phantom/folders.js';
import { createGround } from './phantom/ground.js';
import { type Job, makeRange, type Range } from './phantom/make.js';
import { addTally, emptyTally, type PhantomManifest, type PredictionTally } from './phantom/manifest.js';
import type { Plan } from './phantom/plan.js';
import { type PhantomOptions, readRequest } from './phantom/request.js';
import { workerFile } from './program-files.js';
import { startWorkerPool } from './stages/worker-pool.js';

export type { PhantomManifest, PlantedFault, Source, Split } from './phantom/manifest.js';
export type { PhantomOptions } from './phantom/request.js';
export { type PhantomSample, phantomSample } from './phantom/sample.js';

export interface PhantomContext {
  signal?: AbortSignal;
  onProgress?(progress: { done: number; total: number }): void;
}

/** Images that a worker makes in one go. */
const RANGE = 32;

/**
 * Writes a synthetic dataset in the layout of COVID-QU-Ex and returns its manifest, which is written last, as
 * `phantom.json` into its folder and that of the predictions: without it they are not whole. The same options give the
 * same files.
 * @throws UsageError for options that make no set, WorkError where files can't be written; the signal's reason when it
 * is aborted.
 */
export async function runPhantom(options: PhantomOptions, context: PhantomContext = {}): Promise<PhantomManifest> {
  const { job, appointments, empty, planted } = readRequest(options);
  const { plan } = job;
  try {
    makeFolders(job, empty, options.overwrite ?? false);
    const tally = await makeAll(job, options.jobs ?? availableParallelism(), context);
    const ground = createGround(job);
    for (const { plant, place, turn } of appointments) {
      planted.push(plant.plant(ground, ground.victimAt(place), turn));
    }
    addTally(tally, ground.tally);
    const manifest: PhantomManifest = {
      schema: 1,
      seed: plan.seed,
      size: plan.size,
      images: plan.images,
      counts: countsOf(plan),
      planted,
      predictions: job.predictions ? tally : null,
    };
    writeManifest(job, manifest);
    return manifest;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code || !/^E[A-Z]+$/.test(code)) throw error;
    throw new WorkError(`the phantom could not be written: ${message}`, { cause: error });
  }
}

/**
 * Makes all images, in worker threads where there is more than one job and the worker is compiled (under vitest it is
 * not).
 */
async function makeAll(job: Job, jobs: number, { signal, onProgress }: PhantomContext): Promise<PredictionTally> {
  const total = job.plan.images;
  const tally = emptyTally();
  const isCompiled = import.meta.url.endsWith('.js');
  const threads = Math.min(jobs, Math.ceil(total / RANGE));
  const pool =
    isCompiled && threads > 1 ? startWorkerPool<Job, Range, PredictionTally>(workerFile('phantom'), threads) : null;
  pool?.begin(job);
  let next = 0;
  let done = 0;
  // A lane per thread keeps one range in work and takes the next when it is done.
  const lane = async () => {
    while (next < total) {
      signal?.throwIfAborted();
      const range = { from: next, to: Math.min(total, next + RANGE) };
      next = range.to;
      if (pool) addTally(tally, await pool.run(range));
      else {
        addTally(tally, makeRange(job, range));
        await setImmediate();
      }
      done += range.to - range.from;
      onProgress?.({ done, total });
    }
  };
  try {
    await Promise.all(Array.from({ length: pool ? 2 * threads : 1 }, lane));
  } finally {
    await pool?.close();
  }
  return tally;
}

function countsOf(plan: Plan): PhantomManifest['counts'] {
  const counts: PhantomManifest['counts'] = {};
  for (const { split, source, count } of plan.cells) {
    counts[split] ??= { 'COVID-19': 0, 'Non-COVID': 0, Normal: 0 };
    counts[split][source] = count;
  }
  return counts;
}
