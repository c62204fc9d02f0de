import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClassSummary, Summary } from '../../src/pipeline/summary.js';
import { maskaudit } from '../commands/program.js';
import { INSTALL_MS, installOnce } from '../pipeline/engines/native.js';

const SCRIPT = fileURLToPath(new URL('../../scripts/story.mjs', import.meta.url));
/** Too short to find anything, long enough to learn that no pixel is COVID-19 where no label says so. */
const SMALL = ['--images', '80', '--epochs', '4', '--batch', '4'];
const STORY_MS = 10 * 60_000;

let folder: string;
const inFolder = (...names: string[]) => path.join(folder, ...names);
const text = (...names: string[]) => readFileSync(inFolder(...names), 'utf8');
const summaryOf = (run: string): Summary => JSON.parse(text('runs', run, 'summary.json'));
const covidOf = ({ classes }: Summary): ClassSummary => classes.find(({ key }) => key === 'covid')!;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-story-'));
  await installOnce();
  await promisify(execFile)(process.execPath, [SCRIPT, ...SMALL, '--out', folder, '--keep', inFolder('runs')]);
}, INSTALL_MS + STORY_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['lost', 'lost-weighted', 'lost-unfrozen'])('the run %s', (run) => {
  it('scores exactly 1 for COVID-19, smoothed, with no pixel of it predicted', () => {
    const covid = covidOf(summaryOf(`${run}-audit-lost`));
    expect(covid.iou).toMatchObject({ imageMeanSmoothed: 1, batchSmoothed: 1, pooled: null });
    expect(covid.predicted.pixels).toBe(0);
    expect(covid.emptyPerfect).toBe(16);
  });

  it('misses every positive image by the whole labels', () => {
    const covid = covidOf(summaryOf(`${run}-audit-whole`));
    expect(covid.iou.pooled).toBe(0);
    expect(covid.outcomes).toMatchObject({ hit: 0, miss: covid.truth.images });
    expect(covid.truth.images).toBe(8);
  });

  it('has the step named at which its class was lost', () => {
    const { path: steps } = covidOf(summaryOf(`${run}-audit-lost`));
    expect(steps.raw).toBe(covidOf(summaryOf('plain-audit-whole')).truth.pixels);
    expect(steps.encoded).toBe(0);
    expect(text('runs', `${run}-audit-lost`, 'findings.csv')).toMatch(
      /^L003,error,,,,covid,\d+,"covid is lost in all 8/m,
    );
  });
});

/** The tests' own installation, which `maskaudit` would not see among the user's settings. */
const HOME = { MASKAUDIT_HOME: process.env.MASKAUDIT_HOME as string };

it('is refused by train without --force, with the rule', () => {
  const call = ['train', inFolder('runs', 'data-lost'), '--mask-encoding', '0-255', '--size', '64', '--out', 'refused'];
  const { code, stderr } = maskaudit([...call, '--architecture', 'small-unet', '--quiet'], folder, HOME);
  expect(code).toBe(3);
  expect(stderr).toMatch(/the data has \d+ errors \(.*L003 \d+.*--force/);
  expect(existsSync(inFolder('refused', 'model.onnx'))).toBe(false);
});

describe('STORY.md', () => {
  const four = (value: number | null) => (value === null ? '-' : value.toFixed(4));

  it('has the figures of the runs', () => {
    const page = text('STORY.md');
    for (const run of ['plain', 'lost', 'lost-weighted', 'lost-unfrozen', 'mended-weighted']) {
      const labels = run.startsWith('lost') ? 'lost' : 'whole';
      const own = summaryOf(`${run}-audit-${labels}`);
      const [lung, covid, nonCovid] = own.classes.slice(1).map(({ iou }) => four(iou.batchSmoothed));
      const means = [own.meanDice.all.batchSmoothed, own.meanIou.all.batchSmoothed, own.accuracy].map(four);
      expect(page).toContain(`| ${[...means, lung, covid, nonCovid].join(' | ')} |`);
      const whole = summaryOf(`${run}-audit-whole`);
      const found = `${covidOf(whole).outcomes.hit} of ${covidOf(whole).truth.images}`;
      const pooled = whole.classes.slice(1).map(({ iou }) => four(iou.pooled));
      expect(page).toContain(`| ${[...pooled, found, covidOf(whole).outcomes.false_alarm].join(' | ')} |`);
    }
  });

  it('has the figures of the ways forward', () => {
    const page = text('STORY.md');
    const told = (run: string) => summaryOf(run).detection!.classes.find(({ key }) => key === 'covid')!;
    for (const run of ['classifier-audit', 'hybrid-audit']) {
      const { counts, sensitivity, specificity, auc } = told(run);
      const found = `${counts.tp} of ${counts.tp + counts.fn}`;
      const figures = [sensitivity, specificity, auc].map((value) => `${four(value)}( \\([^)]*\\))?`);
      expect(page).toMatch(new RegExp(`\\| ${[found, ...figures].join(' \\| ')} \\|`));
    }
    const [stage] = summaryOf('hybrid-audit').hybrid!.classes;
    const { gate, segmenter } = stage.misses;
    expect(page).toContain(`${gate} at the gate, ${segmenter} behind it`);
    const covid = covidOf(summaryOf('hybrid-audit'));
    expect(gate + segmenter!).toBe(covid.outcomes.miss);
    expect(page).toMatch(/With the lungs blacked out, the classifier's AUC for COVID-19 is 0\.\d{4}/);
  });

  it("has the audit's verdict, and the training's word in epoch 1", () => {
    const page = text('STORY.md');
    expect(page).toMatch(/```\ncovid never reached the evaluation: 0 of its pixels were scored \(raw [\d,]+ ->/);
    expect(page).toMatch(/^- T002: covid was in none of 51 examples of epoch 1$/m);
  });

  it('shows pictures that are there and stand alone', () => {
    const pictures = [...text('STORY.md').matchAll(/!\[[^\]]+\]\((docs\/story\/[\w-]+\.svg)\)/g)].map(
      ([, file]) => file,
    );
    expect(pictures).toHaveLength(4);
    for (const file of pictures)
      expect(text(file)).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]*<\/svg>\n$/);
    expect(text(...pictures.slice(0, 1))).not.toMatch(/var\(|currentColor/);
  });
});

describe('the models of a training', () => {
  it('score in an audit of the validation split what the training said of its best epoch', () => {
    const model = ['--model', inFolder('runs', 'plain-train', 'model.onnx'), '--split', 'val', '--fail-on', 'none'];
    const out = ['--format', 'json', '--quiet', '--out', inFolder('runs', 'by-val')];
    const { stdout } = maskaudit(['audit', inFolder('runs', 'data'), ...model, ...out], folder);
    const audit: Summary = JSON.parse(stdout);
    const { bestEpoch, epochs } = JSON.parse(text('runs', 'plain-train', 'training.json'));
    const { val } = epochs.find(({ epoch }: { epoch: number }) => epoch === bestEpoch);
    // A pixel may fall either way where two classes are as likely.
    expect(audit.accuracy).toBeCloseTo(val.accuracy, 3);
    const pooled = (classes: readonly Pick<ClassSummary, 'key' | 'iou'>[]) =>
      classes.map(({ key, iou }) => [key, iou.pooled]);
    for (const [i, [key, iou]] of pooled(audit.classes).entries()) {
      expect([key, iou]).toEqual([pooled(val.classes)[i][0], expect.closeTo(pooled(val.classes)[i][1] as number, 2)]);
    }
  });

  it.each([
    ['wasm', 'model/model.json'],
    ['tensorflow', 'model/model.json'],
  ])('are one: %s counts with %s what onnx counts', (engine, model) => {
    const call = [
      '--model',
      inFolder('runs', 'plain-train', ...model.split('/')),
      '--engine',
      engine,
      '--split',
      'test',
    ];
    const out = ['--format', 'json', '--quiet', '--out', inFolder('runs', `by-${engine}`), '--fail-on', 'none'];
    const { code, stdout, stderr } = maskaudit(['audit', inFolder('runs', 'data'), ...call, ...out], folder, HOME);
    expect(code, stderr).toBe(0);
    expect((JSON.parse(stdout) as Summary).confusion).toEqual(summaryOf('plain-audit-whole').confusion);
  });
});
