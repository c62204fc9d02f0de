import { describe, expect, it } from 'vitest';
import { RULES } from '../../../src/pipeline/checks/registry.js';
import { startTrainingRules } from '../../../src/pipeline/checks/training-rules.js';
import { WorkError } from '../../../src/pipeline/errors.js';
import { createKernels } from '../../../src/pipeline/kernels/load.js';
import { createRandom } from '../../../src/pipeline/random.js';
import { BEGINNING, type Progress } from '../../../src/pipeline/training/checkpoints.js';
import type { Batches } from '../../../src/pipeline/training/data/batches.js';
import type { BatchAnswer } from '../../../src/pipeline/training/data/tasks.js';
import { monitorOf } from '../../../src/pipeline/training/history.js';
import { freezeAt, type LoopOptions, runLoop, type StepLog } from '../../../src/pipeline/training/loop.js';
import type { NamedTensor } from '../../../src/pipeline/training/trainer.js';
import { xrays } from '../checks/given.js';
import { type FakeOptions, fakeTrainer } from './fake-trainer.js';

const PIXELS = 36;
const BATCH = 4;
const STEPS = 5;
const VAL = 6;

/** Batches of noise, a function of epoch and step. */
function madeBatches(): Batches & { closed: number; asked: string[] } {
  const batch = (count: number, ...key: (number | string)[]): BatchAnswer => {
    const random = createRandom('loop', ...key);
    const images = Float32Array.from({ length: count * PIXELS }, () => random.uniform());
    const labels = Uint8Array.from({ length: count * PIXELS }, () => random.pick([0, 0, 1, 2, 3]));
    return { count, images, labels, faults: [] };
  };
  const made = {
    closed: 0,
    asked: [] as string[],
    steps: STEPS,
    examples: { train: STEPS * BATCH, val: VAL },
    async *train(epoch: number, fromStep: number) {
      made.asked.push(`epoch ${epoch} from ${fromStep}`);
      try {
        for (let step = fromStep; step < STEPS; step++) yield batch(BATCH, epoch, step);
      } finally {
        made.closed++;
      }
    },
    async *validate() {
      yield batch(BATCH, 'val', 0);
      yield batch(VAL - BATCH, 'val', 1);
    },
    async close() {},
  };
  return made;
}

/** Runs the loop and gathers what it says. `from`: a moment that was saved. */
async function run(
  change: Partial<LoopOptions> = {},
  { from, ...fake }: FakeOptions & { from?: { progress: Progress; state: NamedTensor[] } } = {},
) {
  const dataset = xrays();
  const trainer = fakeTrainer({ classes: 4 }, fake);
  if (from) await trainer.restore(from.state);
  const steps: StepLog[] = [];
  const saved: { progress: Progress; state: NamedTensor[]; best: boolean }[] = [];
  const said: string[] = [];
  const batches = madeBatches();
  const options: LoopOptions = {
    ...{ trainer, batches, kernels: createKernels(), dataset, epochs: 3, batch: BATCH, earlyStopping: null },
    rules: startTrainingRules({ rules: RULES, severity: {}, classes: ['lung', 'covid', 'non-covid'] }),
    schedule: { kind: 'constant', rate: 0.01, warmUp: 0, every: 1, factor: 0.1 },
    monitor: monitorOf('val_mean_dice', 'segmentation', []),
    ...{ freeze: 'none', unfreeze: [], signal: new AbortController().signal },
    ...change,
  };
  const ended = await runLoop(options, from?.progress ?? BEGINNING, {
    step: (log) => void steps.push(log),
    epoch: ({ epoch }, best) => void said.push(`epoch ${epoch}${best ? ' best' : ''}`),
    finding: ({ rule, split }) => void said.push(`${rule} ${split}`),
    fault: (message) => void said.push(message),
    save: async (progress, best) =>
      void saved.push({ progress: structuredClone(progress), state: await trainer.state(), best }),
  }).catch((error: Error) => error);
  return { ended, steps, saved, said, trainer, batches };
}

const losses = (steps: StepLog[]) => steps.map(({ pass, epoch, step, loss }) => `${pass} ${epoch}.${step} ${loss}`);

describe('the loop', () => {
  it('trains, validates, says and saves each epoch', async () => {
    const { ended, steps, saved, said, batches } = await run();
    expect(batches.asked).toEqual(['epoch 0 from 0', 'epoch 1 from 0', 'epoch 2 from 0']);
    expect(ended).toMatchObject({ end: 'epochs', progress: { step: 15, stepInEpoch: 0 } });
    expect(steps.map(({ pass, step, steps: of, images }) => [pass, step, of, images]).slice(0, 7)).toEqual([
      ...[1, 2, 3, 4, 5].map((step) => ['train', step, 5, 4]),
      ['val', 1, 2, 4],
      ['val', 2, 2, 2],
    ]);
    expect(saved.map(({ progress }) => progress.history.length)).toEqual([1, 2, 3]);
    expect(said).toEqual(['epoch 1 best', 'epoch 2 best', 'epoch 3 best']);
    const [{ train, val }] = saved[2].progress.history;
    expect([train.images, val.images]).toEqual([20, 6]);
    const trained = steps.filter(({ pass, epoch }) => pass === 'train' && epoch === 1);
    expect(train.loss).toBeCloseTo(trained.reduce((sum, { loss }) => sum + loss, 0) / 5, 12);
  });

  it.each([1, 4, 5, 8, 12])(
    'stopped in step %i and resumed, it has the losses of one that never stopped',
    async (at) => {
      const whole = await run({ epochs: 3, schedule: { kind: 'cosine', rate: 0.02, warmUp: 3, every: 1, factor: 1 } });
      const stop = new AbortController();
      const options = { schedule: { kind: 'cosine', rate: 0.02, warmUp: 3, every: 1, factor: 1 } } as const;
      const first = await run({ ...options, signal: stop.signal }, { onStep: (n) => n === at && stop.abort() });
      expect(first.ended).toMatchObject({ end: 'interrupted', progress: { step: at } });
      expect(first.batches.closed).toBe(Math.ceil(at / STEPS));
      const from = first.saved.at(-1)!;
      const second = await run(options, { from });
      expect(losses([...first.steps, ...second.steps])).toEqual(losses(whole.steps));
      const { progress } = second.saved.at(-1)!;
      expect({ ...progress, seconds: 0 }).toEqual({ ...whole.saved.at(-1)!.progress, seconds: 0 });
      expect(second.saved.at(-1)!.state).toEqual(whole.saved.at(-1)!.state);
    },
  );

  it('stopped while it validates and resumed, it validates that epoch', async () => {
    const whole = await run();
    const stop = new AbortController();
    const first = await run({ signal: stop.signal }, { onEvaluate: (steps) => steps === 10 && stop.abort() });
    expect(first.ended).toMatchObject({ end: 'interrupted', progress: { step: 10, stepInEpoch: 5 } });
    expect(first.said).toEqual(['epoch 1 best']);
    const second = await run({}, { from: first.saved.at(-1)! });
    expect(losses(second.steps)).toEqual(losses(whole.steps).slice(12));
    expect({ ...second.saved.at(-1)!.progress, seconds: 0 }).toEqual({ ...whole.saved.at(-1)!.progress, seconds: 0 });
  });

  it('a loss that is no number ends it; nothing is saved of it', async () => {
    const { ended, saved, said } = await run({}, { nanAt: [8] });
    expect(ended).toBeInstanceOf(WorkError);
    expect((ended as Error).message).toMatch(/the loss is NaN in epoch 2, step 3.*last checkpoint.*--clip-norm 1/);
    expect(said).toEqual(['epoch 1 best', 'T001 train']);
    expect(saved.map(({ progress }) => progress.step)).toEqual([5]);
  });

  it("so does a validation's", async () => {
    const { ended, saved, said } = await run({}, { nanAt: [0] });
    expect(ended).toBeInstanceOf(WorkError);
    expect((ended as Error).message).toMatch(/the validation's loss is NaN in epoch 1.*begin again with --resume/);
    expect(said).toEqual(['T001 val']);
    expect(saved).toEqual([]);
  });

  it('stops early after so many epochs that bettered nothing', async () => {
    // The losses of a fake are noise: one of the first epochs has the best.
    const { ended, saved } = await run({
      ...{ epochs: 50, earlyStopping: 2 },
      monitor: monitorOf('train_loss', 'segmentation', []),
    });
    if (ended instanceof Error) throw ended;
    const found = ended.progress.history.map(({ train }) => train.loss as number);
    expect(ended.end).toBe('early-stopping');
    expect(found.indexOf(Math.min(...found))).toBe(found.length - 3);
    const bests = found.map((loss, i) => loss === Math.min(...found.slice(0, i + 1)));
    expect(saved.map(({ best }) => best)).toEqual(bests);
  });

  it('freezes by epoch, from where it goes on', async () => {
    const unfreeze = [
      { epoch: 3, freeze: 'none' },
      { epoch: 2, freeze: 'until:conv4' },
    ] as const;
    const options = { freeze: 'encoder', unfreeze, epochs: 4 } as const;
    const { trainer, saved } = await run(options);
    expect(trainer.calls).toEqual([
      'freeze encoder before step 1',
      'freeze until:conv4 before step 6',
      'freeze none before step 11',
      'freeze none before step 16',
    ]);
    const resumed = await run(options, { from: saved[1] });
    expect(resumed.trainer.calls).toEqual([
      'restore step 10',
      'freeze none before step 11',
      'freeze none before step 16',
    ]);
    expect(freezeAt(options, 0)).toBe('encoder');
  });

  it('lowers the rate on a plateau', async () => {
    const schedule = { kind: 'plateau', rate: 1, warmUp: 0, every: 1, factor: 0.5 } as const;
    const { steps, ended } = await run({ epochs: 12, schedule, monitor: monitorOf('train_loss', 'segmentation', []) });
    if (ended instanceof Error) throw ended;
    const rates = ended.progress.history.map(({ learningRate }) => learningRate);
    const values = ended.progress.history.map(({ train }) => train.loss as number);
    let rate = 1;
    values.forEach((value, i) => {
      expect(rates[i]).toBe(rate);
      if (value > Math.min(...values.slice(0, i + 1))) rate /= 2;
    });
    expect(rate).toBeLessThan(1);
    expect(new Set(steps.map(({ learningRate }) => learningRate)).size).toBeGreaterThan(1);
  });
});
