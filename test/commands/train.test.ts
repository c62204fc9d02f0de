import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPhantom } from '../../src/pipeline/run-phantom.js';
import { INSTALL_MS, installOnce } from '../pipeline/engines/native.js';
import { type Ended, makeFolder, PROGRAM, removeFolder } from './program.js';

/** Long enough for a busy machine; nothing here is timed. */
const LONG = 10 * 60_000;

let folder: string;
beforeAll(async () => {
  await installOnce();
  folder = makeFolder();
  await runPhantom({ dir: path.join(folder, 'set'), images: 40, seed: 4, size: 64, jobs: 1 });
}, INSTALL_MS);
afterAll(() => removeFolder(folder));

/** Runs the program with native TensorFlow; `watch` sees stderr as it comes and may send a signal. */
function program(
  words: string[],
  watch?: (stderr: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1' };
    const child = spawn(process.execPath, [PROGRAM, ...words], { cwd: folder, env });
    const ended: Ended = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      ended.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      ended.stderr += text;
      watch?.(ended.stderr, (signal) => void child.kill(signal));
    });
    child.on('close', (code) => resolve({ ...ended, code }));
  });
}

const small = (size: number) => ['--architecture', 'small-unet', '--size', `${size}`, '--jobs', '1', '--device', 'cpu'];
const SMALL = [...small(32), '--batch', '4'];
const CLASSIFIER = [
  ...['--task', 'classification', '--architecture', 'small-cnn', '--filters', '4', '--size', '32', '--batch', '4'],
  ...['--jobs', '1', '--device', 'cpu'],
];
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const text = (...parts: string[]) => readFileSync(path.join(folder, ...parts), 'utf8');

describe('maskaudit train', () => {
  it('trains a model that audit takes', { timeout: LONG }, async () => {
    const words = ['train', 'set', ...SMALL, '--epochs', '2', '--class-weights', 'median-frequency', '--out', 'first'];
    const { code, stdout, stderr } = await program([...words, '--augment', 'flip=horizontal']);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines.at(-1)).toBe('Next:  maskaudit audit set --model first/model.onnx --split test');
    expect(stderr).toMatch(/trains on 26 images, validates on 6: 2 epochs of 7 steps of 4/);
    expect(stderr).toMatch(/class weights \(medianFrequency\): background 0\.\d+, lung/);
    expect(stderr).toMatch(/epoch 2\/2: loss [\d.]+, validation [\d.]+; mean Dice 0\.\d{4}/);
    expect(JSON.parse(text('first', 'run.json'))).toMatchObject({ engine: { engine: 'tensorflow', device: 'cpu' } });
    const audited = await program([
      'audit',
      'set',
      '--split',
      'test',
      '--model',
      'first/model.onnx',
      '--engine',
      'onnx',
      '--fail-on',
      'none',
      '--out',
      'audited',
    ]);
    expect(audited).toMatchObject({ code: 0 });
    expect(JSON.parse(text('audited', 'summary.json'))).toMatchObject({ unscored: 0 });
  });

  it('stopped by Ctrl-C it saves, and goes on as if it had never stopped', { timeout: LONG }, async () => {
    const words = ['train', 'set', ...SMALL, '--epochs', '12', '--oversample', 'covid=3', '--schedule', 'cosine'];
    let killed = false;
    const stopped = await program([...words, '--out', 'stopped'], (stderr, kill) => {
      if (killed || !stderr.includes('epoch 2/12: ')) return;
      killed = true;
      kill('SIGINT');
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stdout).toMatch(/Interrupted after \d+ of 12 epochs/);
    const next = `maskaudit ${words.join(' ')} --out stopped --resume`;
    expect(stopped.stdout.trimEnd().split('\n').at(-1)).toBe(`Next:  ${next}`);
    expect(existsSync(path.join(folder, 'stopped', 'model.onnx'))).toBe(false);
    const resumed = await program([...words, '--out', 'stopped', '--resume', '--format', 'json']);
    expect(resumed).toMatchObject({ code: 0 });
    const whole = await program([...words, '--out', 'whole', '--format', 'ndjson']);
    expect(whole).toMatchObject({ code: 0 });
    expect(text('stopped', 'metrics.csv')).toBe(text('whole', 'metrics.csv'));
    expect(resumed.stdout).toBe(text('whole', 'training.json'));
    const events = whole.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.filter(({ type }) => type === 'epoch')).toHaveLength(12);
    expect(events.at(-1)).toMatchObject({ type: 'finished', result: { end: 'epochs' } });
  });

  it('trains a classifier whose model says in an audit what it said in validation, as ONNX and in TensorFlow.js', {
    timeout: LONG,
  }, async () => {
    await runPhantom({ dir: path.join(folder, 'many'), images: 200, seed: 5, size: 64, jobs: 1 });
    const steps = [
      '--epochs',
      '6',
      '--learning-rate',
      '0.002',
      '--sensitivity',
      'covid=0.9',
      '--class-weights',
      'enet',
    ];
    const words = ['train', 'many', ...CLASSIFIER, ...steps, '--out', 'classifier'];
    expect(await program(words)).toMatchObject({ code: 0 });
    const { classification } = JSON.parse(text('classifier', 'training.json'));
    const card = JSON.parse(text('classifier', 'model.onnx.maskaudit.json'));
    expect(card).toMatchObject({ task: 'classification', temperature: classification.temperature });
    // Neither of them is what an audit would take without being told.
    expect(Math.abs(classification.temperature - 1)).toBeGreaterThan(0.05);
    expect(card.decide).toEqual({ covid: classification.operatingPoints[0].threshold });
    const { before, after } = classification.calibration;
    expect(Math.abs(before.nll - after.nll)).toBeGreaterThan(1e-3);

    const models: [string, string][] = [
      ['onnx', 'model.onnx'],
      ['wasm', 'model/model.json'],
    ];
    for (const [engine, model] of models) {
      const answers = ['--model', `classifier/${model}`, '--split', 'val', '--engine', engine, '--fail-on', 'none'];
      const out = `classified-${engine}`;
      expect(await program(['audit', 'many', ...answers, '--out', out])).toMatchObject({ code: 0 });
      const { confusion, accuracy, detection } = JSON.parse(text(out, 'summary.json'));
      expect({ confusion, accuracy }).toEqual({
        confusion: classification.confusion,
        accuracy: classification.accuracy,
      });
      for (const [c, { roc: _, precisionRecall: __, ...trained }] of classification.classes.entries()) {
        expect(detection.classes[c]).toEqual(trained);
      }
      // The calibration error is of what was answered here and of the most probable class there: with a threshold they differ.
      for (const figure of ['brier', 'nll'] as const) {
        expect(detection.calibration[figure]).toBeCloseTo(after[figure], 5);
      }
    }
  });

  it.each([
    ['with a mark on every COVID-19 image', ['P008' as const], true],
    ['without one', [], false],
  ])(
    'the probe tells whether a classifier that was trained on a set looks at the lungs: %s',
    {
      timeout: LONG,
    },
    async (name, faults, isCaught) => {
      const [set, out] = [name, `${name} trained`];
      await runPhantom({ dir: path.join(folder, set), images: 300, seed: 3, size: 64, jobs: 1, faults });
      const network = ['--task', 'classification', '--architecture', 'small-cnn', '--filters', '8', '--size', '64'];
      const steps = [
        ...['--epochs', '12', '--batch', '8', '--learning-rate', '0.003'],
        ...['--crop', '1', '--augment', 'flip=none', '--device', 'cpu'],
      ];
      expect(await program(['train', set, ...network, ...steps, '--out', out])).toMatchObject({ code: 0 });
      const call = ['audit', set, '--model', `${out}/model.onnx`, '--probe', 'lungs', '--fail-on', 'none'];
      expect(await program([...call, '--out', `${name} probed`])).toMatchObject({ code: 0 });
      const { probe, findings } = JSON.parse(text(`${name} probed`, 'summary.json'));
      const [whole, without] = [probe.intact, probe.withoutLungs].map(({ classes }) => classes[1].auc);
      // When this was written: 1.0000 and 1.0000 with the mark, 0.9301 and 0.6532 without.
      expect(whole).toBeGreaterThan(0.85);
      expect(findings.P008 > 0).toBe(isCaught);
      if (isCaught) expect(without).toBeGreaterThan(0.95);
      else expect(without).toBeLessThan(whole - 0.15);
    },
  );

  it('killed outright, a classifier goes on from its last epoch as if it had never been', {
    timeout: LONG,
  }, async () => {
    const words = [
      'train',
      'set',
      ...CLASSIFIER,
      '--epochs',
      '8',
      '--augment',
      'flip=horizontal',
      '--sensitivity',
      'covid=1',
    ];
    let killed = false;
    const ended = await program([...words, '--out', 'killed'], (stderr, kill) => {
      if (killed || !stderr.includes('epoch 3/8: ')) return;
      killed = true;
      kill('SIGKILL');
    });
    expect(ended.code).toBe(null);
    expect(existsSync(path.join(folder, 'killed', 'model.onnx'))).toBe(false);
    // The process that trained sees after its step that it is alone; until then the folder is its own.
    const trained = Number(text('killed', '.maskaudit.lock'));
    await expect.poll(() => isAlive(trained), { timeout: 60_000 }).toBe(false);
    const resumed = await program([...words, '--out', 'killed', '--resume', '--format', 'json']);
    expect(resumed).toMatchObject({ code: 0 });
    expect(resumed.stderr).toMatch(/epoch 4\/8: /);
    expect(resumed.stderr).not.toMatch(/epoch 1\/8: /);
    expect(await program([...words, '--out', 'unkilled'])).toMatchObject({ code: 0 });
    for (const name of ['metrics.csv', 'training.json', 'model.onnx.maskaudit.json']) {
      expect(text('killed', name)).toBe(text('unkilled', name));
    }
    expect(resumed.stdout).toBe(text('unkilled', 'training.json'));
    const weights = (out: string) => readFileSync(path.join(folder, out, 'model.onnx'));
    expect(weights('killed').equals(weights('unkilled'))).toBe(true);
  });

  it('a second Ctrl-C leaves at once', { timeout: LONG }, async () => {
    // Steps that take longer than what lies between the two.
    const words = ['train', 'set', ...small(224), '--batch', '8', '--epochs', '500', '--out', 'left'];
    let killed = false;
    const { code, stdout } = await program(words, (stderr, kill) => {
      if (killed || !stderr.includes('epoch 1/500: ')) return;
      killed = true;
      kill('SIGINT');
      setTimeout(() => kill('SIGINT'), 150);
    });
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  });

  it('says what is wrong with a call, with exit code 2', { timeout: LONG }, async () => {
    const { code, stderr } = await program(['train', 'set', '--class-weights', '1,2']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'maskaudit: --class-weights 1,2: 2 weights for 4 classes; one each of background, lung, covid, non-covid is needed, in that order\n',
    });
    expect(existsSync(path.join(folder, 'runs'))).toBe(false);
  });
});
