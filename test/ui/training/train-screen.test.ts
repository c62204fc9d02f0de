import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TrainEvent, TrainPlan, TrainProgress } from '../../../src/pipeline/training/train-events.js';
import type { TrainResult } from '../../../src/pipeline/training/train-request.js';
import { openTrainScreen, type TrainScreen } from '../../../src/ui/training/screen/train-screen.js';
import { madeClass, madeEpoch, madeSplit } from '../../pipeline/training/made-history.js';
import { madeProgress } from '../made-events.js';
import { FakeKeys, FakeTerminal } from '../screen/fake-terminal.js';

const PLAN: TrainPlan = {
  task: 'segmentation',
  ...{ classes: ['background', 'lung', 'covid'], classWeights: [0.1, 3, 10], weightsFrom: 'given' },
  ...{ trainPixels: [700, 200, 100], train: 1200, val: 300, examples: 1200, leftOut: { train: 0, val: 0 } },
  ...{ epochs: 20, steps: 150, batch: 8, monitor: 'val_mean_dice' },
};
const INFO = { engine: 'tensorflow', device: 'cpu', version: '2', parameters: 1967316, trainableParameters: 1964372 };

const progress = (change: Partial<TrainProgress> = {}): TrainEvent => ({
  type: 'progress',
  progress: {
    ...{ pass: 'train', epoch: 1, step: 40, steps: 150, loss: 1.5, meanLoss: 1.25, learningRate: 0.001 },
    work: { done: 320, total: 30000, measured: 320, elapsedMs: 10_000 },
    memoryBytes: 1.2e9,
    ...change,
  },
});

/** covid: smoothed 0.9 because of empty masks, 0.1 in truth. */
const covid = madeClass('covid', 0.1, { smoothed: 0.9, emptyPerfect: 8 });
const epoch = (n: number, val = madeSplit([madeClass('lung', 0.2 + n / 100), covid])): TrainEvent => {
  const log = madeEpoch(n, 0.5, val);
  return { type: 'epoch', log, epochs: 20, best: true, seconds: 60 * n };
};
const T004: TrainEvent & { type: 'finding' } = {
  type: 'finding',
  finding: {
    ...{ rule: 'T004', severity: 'warning', image: '', split: 'val', source: '', class: 'covid', value: 1 },
    ...{ message: 'the smoothed IoU 1.0000 of covid in epoch 1 is made of 8 empty images', path: '', relatedPath: '' },
  },
};
const FINISHED: TrainEvent = {
  type: 'finished',
  result: {
    ...{ folder: '/run', end: 'epochs', history: [madeEpoch(1, 0.5, 0.25)], best: 0, trainer: INFO, models: [] },
    ...{ monitor: { name: 'val_mean_dice', values: [0.25] }, counts: [], findings: [], seconds: 75 },
  } satisfies TrainResult,
};

const opened: TrainScreen[] = [];
afterEach(() => {
  for (const screen of opened.splice(0)) screen.close();
});

function open(columns: number, rows: number, env: Record<string, string> = {}) {
  const terminal = new FakeTerminal(columns, rows);
  const keys = new FakeKeys();
  const stop = new AbortController();
  const interrupts: number[] = [];
  const screen = openTrainScreen({
    stdin: keys.asStream(),
    stdout: terminal.asStream(),
    env: { TERM: 'xterm-256color', LANG: 'C.UTF-8', NO_COLOR: '1', ...env },
    subject: { command: 'train', dataset: 'covid-qu-ex' },
    now: () => performance.now(),
    interrupt() {
      interrupts.push(1);
      stop.abort();
    },
    suspend() {},
    signal: stop.signal,
    closed() {},
  });
  opened.push(screen);
  const press = async (text: string) => {
    keys.press(text);
    await wait(130);
  };
  const seen = (what: string | RegExp) =>
    vi.waitFor(
      () => (typeof what === 'string' ? expect(terminal.text).toContain(what) : expect(terminal.text).toMatch(what)),
      { timeout: 10_000 },
    );
  return { terminal, screen, stop, interrupts, press, seen };
}

/** A training of one class that is learned and one that is not, after `epochs` epochs. */
function trains(screen: TrainScreen, epochs: number) {
  screen.event({ type: 'plan', plan: PLAN });
  screen.event({ type: 'trainer', info: INFO, network: 'small-unet' });
  for (let n = 1; n <= epochs; n++) {
    screen.event(progress({ epoch: n }));
    screen.event(epoch(n));
  }
  screen.event(progress({ epoch: epochs + 1 }));
}

describe('the screen of a training', () => {
  it('shows at once what is done, then how far the audit of the data is', async () => {
    const { terminal, screen, seen } = open(80, 24);
    expect(terminal.lines[0]).toMatch(/^maskaudit train {2}covid-qu-ex +looking at the data$/);
    screen.event({
      type: 'audit',
      event: { type: 'progress', progress: madeProgress({ done: 30, total: 60 }), classes: [] },
    });
    await seen(/auditing the data\n.*50 %.*30\/60/);
    await seen('the data is audited first');
  });

  it('says epoch, step, pace, time left, loss, rate and memory, and draws the loss of the steps before an epoch ends', async () => {
    const { terminal, screen, seen } = open(100, 24);
    trains(screen, 0);
    screen.event(progress({ step: 80, work: { done: 640, total: 30000, measured: 640, elapsedMs: 20_000 } }));
    await seen('epoch 1/20, step 80/150  32.0 images/s  15 min');
    await seen('loss 1.25, rate 0.001, 1.2 GB, small-unet on tensorflow (cpu), 1,967,316 weights');
    await seen(/Loss {2}train 1\.25 {2}val -/);
    expect(terminal.text).toMatch(/epoch 0 +1/);
    expect(terminal.text).toMatch(/[⠀-⣿]/);
  });

  it('has a curve of each metric and class in 80 x 24, with the honest figure beside it', async () => {
    const { terminal, screen, seen } = open(80, 24);
    trains(screen, 5);
    await seen(/IoU covid {2}0\.1000 \(smoothed 0\.9000\)/);
    for (const name of ['Loss', 'Accuracy', 'Mean Dice', 'IoU lung', 'IoU covid'])
      expect(terminal.text).toContain(name);
    expect(terminal.text).toMatch(/IoU lung {2}train 0\.5000 {2}val 0\.2500/);
    expect(terminal.text).toMatch(/epoch 1 +6/);
    expect(terminal.lines).toHaveLength(24);
    // Solid and dotted, since there are no colours.
    expect(terminal.text).toMatch(/⠤⠤⠤ validation {3}⠂ ⠂ training {3}sm\.: smoothed/);
    const sequences = terminal.written.split('\u001b[').slice(1);
    expect(sequences.filter((text) => /^([34][0-9]|[34]8;[0-9;]*)m/.test(text))).toEqual([]);
  });

  it('rises where a score rises, in ASCII where there is nothing else', async () => {
    const { terminal, screen, seen } = open(80, 24, { LANG: 'C' });
    screen.event({ type: 'plan', plan: PLAN });
    for (let n = 1; n <= 5; n++) {
      const split = madeSplit([madeClass('lung', n / 5), madeClass('covid', (6 - n) / 5)]);
      screen.event({ type: 'epoch', log: madeEpoch(n, split, split), epochs: 20, best: true, seconds: n });
    }
    await seen('IoU covid');
    const [rises, falls] = ['IoU lung', 'IoU covid'].map((name) => startsOf(terminal, name));
    expect(rises.highest).toBeGreaterThan(rises.lowest);
    expect(falls.highest).toBeLessThan(falls.lowest);
    expect([...terminal.text].filter((sign) => sign > '~')).toEqual([]);
  });

  it('shows a rule as it happens, and explains it', async () => {
    const { terminal, screen, press, seen } = open(80, 24);
    trains(screen, 1);
    screen.event(T004);
    await seen('3 Findings 1');
    await press('3');
    await seen(/T004 warning the smoothed IoU 1\.0000 of covid/);
    await press('e');
    await seen('Rule T004');
    expect(terminal.text).toContain('A validation IoU of 1 that empty masks made');
    await press('\u001b');
    await seen('[3 Findings 1]');
  });

  it('has the scores of the last and the best epoch, and in words what empty masks made', async () => {
    const { screen, press, seen } = open(80, 30);
    trains(screen, 2);
    screen.event(epoch(3, madeSplit([madeClass('lung', 0.05), covid])));
    await seen('IoU covid');
    await press('2');
    await seen('Best: epoch 2');
    await seen(/lung +5 +0\.5000 +0\.0500/);
    await seen(/lung +5 +0\.5000 +0\.2200/);
    await seen('covid: 8 images with it in neither mask count as perfect');
    await press('G');
    await seen(/covid +100 +10\.0 % +10$/m);
  });

  it('uses the room of 200 x 60: curves beside scores and findings', async () => {
    const { terminal, screen, seen } = open(200, 60);
    trains(screen, 4);
    screen.event(T004);
    await seen('T004 warning');
    await seen(/IoU covid {2}train .*Training pixels|Training pixels/);
    for (const text of ['Loss  train', 'Epoch 4, the best', 'Findings  1 finding', 'Said on the way']) {
      expect(terminal.text).toContain(text);
    }
    expect(terminal.text).not.toContain('1 Curves');
    // Nothing is left empty for long: the curves reach the foot.
    expect(terminal.lines.slice(45, 58).join('')).toMatch(/[⠀-⣿]/);
  });

  it('is whole in 40 columns, and says where there is no room', async () => {
    const { terminal, screen, press, seen } = open(40, 16);
    trains(screen, 3);
    await seen(/Loss .*\n/);
    expect(terminal.lines.every((line) => line.length <= 40)).toBe(true);
    expect(terminal.text).toMatch(/3 more curves/);
    for (let i = 0; i < 4; i++) await press('j');
    await seen('IoU covid');
    await press('2');
    await seen('[2 Scores]');
    terminal.resize(20, 5);
    await seen('maskaudit needs 30 x');
  });

  it.each([
    [30, 8],
    [31, 9],
    [60, 10],
    [109, 24],
    [110, 24],
    [300, 90],
  ])('draws every page within a window of %i x %i', async (columns, rows) => {
    const { terminal, screen, press, seen } = open(columns, rows);
    trains(screen, 3);
    screen.event(T004);
    await seen(/q quit|\? help/);
    for (const key of ['z', 'z', '2', 'G', '3', 'e', '?']) await press(key);
    // The terminal throws at a sign beyond its edge, and the screen would be left.
    expect(terminal.lines[0]).toMatch(/^maskaudit train/);
    expect(terminal.text).toContain('Keys');
    expect(terminal.alternate).toBe(true);
    expect(await Promise.race([screen.quit, wait(10)])).toBeUndefined();
  });

  it('shows one curve alone, and the next', async () => {
    const { terminal, screen, press, seen } = open(80, 24);
    trains(screen, 3);
    await seen('IoU covid');
    await press('z');
    await seen('4 more curves');
    expect(terminal.text).toContain('Loss');
    expect(terminal.text).not.toContain('Accuracy');
    await press('n');
    await seen('Accuracy');
    await press('z');
    await seen('IoU covid');
  });

  it('has every key of the table in its help', async () => {
    const { terminal, press, seen } = open(80, 40);
    await seen('no step yet');
    await press('?');
    await seen('Keys');
    for (const does of ['the next curve', 'explain the rule', 'stop: the step is finished and saved', 'draw anew']) {
      expect(terminal.text).toContain(does);
    }
    await press('?');
    await seen('no step yet');
  });

  it('asks before it stops, stops at the second q, and says what is left to do', async () => {
    const { screen, interrupts, press, seen } = open(80, 24);
    trains(screen, 1);
    await seen('IoU covid');
    await press('q');
    await seen('q again stops');
    await press('x');
    await seen('? help');
    expect(interrupts).toEqual([]);
    await press('q');
    await press('q');
    expect(interrupts).toEqual([1]);
    await seen('stopping: the step is finished and saved');
    await seen('Ctrl-C again leaves at once');
    await press('\u0003');
    expect(interrupts).toEqual([1, 1]);
  });

  it('stays at the end until q', async () => {
    const { terminal, screen, interrupts, press, seen } = open(80, 24);
    trains(screen, 1);
    screen.event({ type: 'finishing' });
    await seen('writing the model');
    screen.event(FINISHED);
    screen.verdict('Mean Dice 0.2500 in validation.');
    await seen('done');
    await seen('1 of 20 epochs in 1 min 15 s');
    await press('2');
    await seen('Mean Dice 0.2500 in validation.');
    let left = false;
    screen.quit.then(() => {
      left = true;
    });
    await wait(50);
    expect(left).toBe(false);
    await press('q');
    expect(left).toBe(true);
    expect(interrupts).toEqual([]);
    screen.close();
    expect(terminal).toMatchObject({ alternate: false, cursorShown: true, wraps: true });
  });

  it('shows a resumed training from its first epoch, and names as what they are', async () => {
    const { terminal, screen, seen } = open(80, 24);
    screen.event({ type: 'plan', plan: { ...PLAN, classes: ['background', 'lung', 'co\u001b[31mvid'] } });
    screen.event({
      type: 'resumed',
      epoch: 4,
      step: 0,
      history: [1, 2, 3].map((n) => madeEpoch(n, 0.5, n / 10)),
      findings: [T004.finding],
    });
    await seen('3 Findings 1');
    await seen(/IoU lung {2}train 0\.5000 {2}val 0\.3000/);
    expect(terminal.text).toMatch(/IoU co\\x1b\[31mvid|IoU co.*vid/);
  });

  it('keeps few points of an epoch of many steps', async () => {
    const { terminal, screen, seen } = open(80, 24);
    screen.event({ type: 'plan', plan: { ...PLAN, steps: 100_000 } });
    for (let step = 1; step <= 5000; step++) screen.event(progress({ step: step * 20, steps: 100_000 }));
    await seen('step 100,000/100,000');
    expect(terminal.text).toMatch(/epoch 0 +1/);
  });
});

/** Columns in which the solid ASCII curve under a heading begins in the highest and the lowest line that it is in. */
function startsOf(terminal: FakeTerminal, name: string) {
  const at = terminal.lines.findIndex((line) => line.includes(name));
  const from = terminal.lines[at].indexOf(name) < 40 ? 0 : 40;
  const starts = terminal.lines.slice(at + 1, at + 5).map((line) => line.slice(from, from + 40).indexOf('*'));
  const found = starts.filter((start) => start >= 0);
  return { highest: found[0], lowest: found[found.length - 1] };
}
