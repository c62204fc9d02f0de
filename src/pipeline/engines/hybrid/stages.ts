import { UsageError } from '../../errors.js';
import type { Engine, EngineInfo, GateOutput, ModelOutput, Pixels, StageWork } from '../engine.js';
import { compose, type Segmented } from './compose.js';
import { gatherBatches } from './gather.js';
import type { GatedClass } from './settings.js';

/** The opened models of a hybrid, and what passes from one to the other. */
export interface Stages {
  gate: Engine;
  /** For each class of the dataset the gate's own index of it, null where it does not know it. */
  gateIndex: readonly (number | null)[];
  segmenters: readonly Engine[];
  gated: readonly GatedClass[];
  segmentAll: boolean;
}

/**
 * Images that are let in for each place in a segmenter's batches: with one in eight let through they all fill up. Measured with
 * stages that have cores of their own, at shares from 1/20 to all: fewer leave the segmenter waiting, more gain nothing. On cores
 * that both stages share it makes no difference, nor does it how the sessions are split between them.
 */
const AHEAD = 8;

/**
 * Joins engines to one: every image goes through the gate, and those that it lets through are gathered over the gate's calls to full
 * batches of their segmenters, so that both are at work at once. A batch that is not full goes when nothing is on its way through
 * the gate and its segmenter has nothing to do: what is in flight comes to its end, however few images a caller lets in at once.
 */
export function joinStages(stages: Stages, info: EngineInfo): Engine {
  const { gate, segmenters } = stages;
  const watched = [gate, ...segmenters].map(watch);
  const [watchedGate, ...watchedSegmenters] = watched;
  const gathered = watchedSegmenters.map(({ engine }) => gatherBatches(engine, flushIdle));
  let underWay = 0;

  function flushIdle(): void {
    if (underWay === 0) for (const gathering of gathered) gathering.flush();
  }

  /** @returns the predictions to come. Pixels that no segmenter needs are let go before they have. */
  async function passOn(images: readonly Pixels[]): Promise<Promise<ModelOutput>[]> {
    // An engine takes the buffers that it is given.
    const kept = images.map(copy);
    underWay++;
    try {
      const verdicts = await watchedGate.engine.infer(images);
      return kept.map((image, i) => segment(image, verdicts[i]));
    } finally {
      underWay--;
      flushIdle();
    }
  }

  /** Hands an image to its segmenters, before it returns, and composes what they answer. */
  async function segment(image: Pixels, verdict: ModelOutput): Promise<ModelOutput> {
    const gateOutput = readGate(verdict, stages);
    const { width, height } = image;
    const shares = segmenters.map((_, s) => {
      const own = stages.gated.filter(({ segmenter }) => segmenter === s).map(({ spec }) => spec.index);
      const [passed, keptBack] = [true, false].map((p) => own.filter((c) => gateOutput.passed.includes(c) === p));
      return { s, passed, keptBack };
    });
    const asked = shares.filter(({ passed }) => stages.segmentAll || passed.length > 0);
    const running = asked.map(async ({ s, passed, keptBack }, i): Promise<Segmented> => {
      if (passed.length > 0) watchedSegmenters[s].work.sent++;
      const isLast = i === asked.length - 1;
      return { output: await gathered[s].run(isLast ? image : copy(image)), passed, keptBack };
    });
    return compose(verdict, gateOutput, await Promise.all(running), { width, height });
  }

  return {
    info,
    sessions: gate.sessions,
    inFlight: 3 * gate.sessions + callsAhead(stages),
    infer: async (images) => Promise.all(await passOn(images)),
    work: () => watched.map(({ work }, stage) => ({ ...work, sent: stage === 0 ? work.images : work.sent })),
    async close() {
      for (const gathering of gathered) gathering.stop();
      const closed = await Promise.allSettled([gate, ...segmenters].map((engine) => engine.close()));
      const failed = closed.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}

/** Calls of the gate that are let in beside its own, so that batches of the segmenters fill up. */
function callsAhead({ gate, segmenters }: Stages): number {
  const images = segmenters.reduce((sum, { info, sessions }) => sum + AHEAD * sessions * info.batch, 0);
  return Math.ceil(images / gate.info.batch);
}

/** What the gate says in the dataset's classes. A verdict that is no number lets nothing through: it is no prediction. */
function readGate({ maxProbability, nonFinite }: ModelOutput, { gateIndex, gated, gate }: Stages): GateOutput {
  const probabilities = gateIndex.map((own) => (own === null || nonFinite ? null : maxProbability[own]));
  if (nonFinite) return { probabilities, passed: [] };
  const passed: number[] = [];
  for (const { spec, threshold } of gated) {
    const probability = probabilities[spec.index];
    if (probability === null) {
      throw new UsageError(
        `${gate.info.model} gives labels and no probabilities, which a gate needs: take its softmax`,
      );
    }
    if (probability >= threshold) passed.push(spec.index);
  }
  return { probabilities, passed };
}

const copy = (image: Pixels): Pixels => ({ ...image, data: image.data.slice() });

/** An engine whose work is counted. Of calls that wait for a session of it no time is. */
function watch(engine: Engine): { engine: Pick<Engine, 'info' | 'sessions' | 'infer'>; work: StageWork } {
  const work: StageWork = { model: engine.info.model, images: 0, sent: 0, seconds: 0 };
  let calls = 0;
  let since = 0;
  const change = (by: 1 | -1) => {
    const now = performance.now();
    work.seconds += (Math.min(calls, engine.sessions) * (now - since)) / 1000;
    since = now;
    calls += by;
  };
  const infer: Engine['infer'] = async (images) => {
    const count = images.length;
    change(1);
    try {
      const outputs = await engine.infer(images);
      work.images += count;
      return outputs;
    } finally {
      change(-1);
    }
  };
  return { engine: { info: engine.info, sessions: engine.sessions, infer }, work };
}
