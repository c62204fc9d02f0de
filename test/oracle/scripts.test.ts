import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskaudit, scratch } from './cli.js';
import { type Plate, planPlates, writeCovidWorld } from './covid-world.js';
import { parseCsv } from './csv.js';
import { countClass, outcomeOf } from './scores.js';
import { type World, writeFile } from './world.js';

/** How scripts use the program: streams, exit codes, one class's misses. */
const { folder, remove } = scratch('scripts');
afterAll(remove);

const plan = (seed: number) => planPlates({ seed, count: () => 3, size: () => ({ width: 32, height: 40 }) });
function relabel(plates: Plate[], source: string, n: number, change: (v: number) => number) {
  for (const plate of plates.filter((p) => p.source === source).slice(0, n)) {
    if (plate.prediction && 'map' in plate.prediction) plate.prediction.map = plate.prediction.map.map(change);
  }
}

let clean: World;
let missed: World;
let falsely: World;
beforeAll(() => {
  clean = writeCovidWorld(join(folder, 'clean'), plan(1));
  const some = plan(2);
  relabel(some, 'COVID-19', 4, (v) => (v === 2 ? 1 : v));
  missed = writeCovidWorld(join(folder, 'missed'), some);
  const wrong = plan(3);
  const { prediction } = wrong.find((p) => p.source === 'Normal')!;
  if (prediction && 'map' in prediction) prediction.map[20 * 32 + 10] = 2;
  falsely = writeCovidWorld(join(folder, 'falsely'), wrong);
});

let runs = 0;
function call(world: World, ...rest: string[]) {
  const out = join(folder, `run-${++runs}`);
  const args = ['audit', world.dataset, '--predictions', world.predictions!, ...world.args, '--no-ui', ...rest];
  return { out, ...maskaudit(...args, ...(rest.includes('--out') ? [] : ['--out', out])) };
}

describe('exit codes', () => {
  it('0: a clean dataset', () => expect(call(clean).status).toBe(0));
  it('1: a finding of severity error', () => expect(call(missed).status).toBe(1));
  it('0: only warnings', () => expect(call(falsely).status).toBe(0));
  it('1: a warning that --fail-on names', () => expect(call(falsely, '--fail-on', 'P002').status).toBe(1));
  it('1: --fail-on warning', () => expect(call(falsely, '--fail-on', 'warning').status).toBe(1));
  it('0: --fail-on names a rule that found nothing', () => {
    expect(call(missed, '--fail-on', 'P002').status).toBe(0);
    expect(call(missed, '--fail-on', 'D001', '--fail-on', 'D003').status).toBe(0);
    expect(call(missed, '--fail-on', 'D001', '--fail-on', 'P001').status).toBe(1);
  });
  it('--class takes findings of other classes out of the exit code', () => {
    expect(call(missed, '--class', 'covid', '--fail-on', 'P001').status).toBe(1);
    expect(call(missed, '--class', 'non-covid', '--fail-on', 'P001').status).toBe(0);
    expect(call(missed, '--class', 'non-covid').status).toBe(0);
    for (const name of ['2', 'COVID-19', 'covid', 'lung,covid']) {
      expect(call(missed, '--class', name, '--fail-on', 'P001').status, name).toBe(1);
    }
  });
  it('--ignore and --select choose rules; a severity can be configured', () => {
    expect(call(missed, '--ignore', 'P001,M001').status).toBe(0);
    expect(call(missed, '--select', 'D').status).toBe(0);
    const config = join(folder, 'severity.json');
    writeFile(config, JSON.stringify({ severity: { P001: 'info', M001: 'info', P002: 'error' } }));
    expect(call(missed, '--config', config).status).toBe(0);
    expect(call(falsely, '--config', config).status).toBe(1);
  });

  const wrongCalls: [string, string[]][] = [
    ['unknown class', ['--class', 'covdi']],
    ['unknown option', ['--fali-on', 'P001']],
    ['unknown layout', ['--layout', 'coco']],
    ['unknown split', ['--split', 'tset']],
    ['unknown rule', ['--fail-on', 'P999']],
    ['unknown format', ['--format', 'xml']],
    ['shard beyond the last', ['--shard', '4/3']],
    ['shard without total', ['--shard', '2']],
    ['negative limit', ['--limit', '-3']],
    ['a missing configuration', ['--config', join(folder, 'nowhere.json')]],
  ];
  it.each(wrongCalls)('2: %s', (_, args) => {
    const { status, stderr, stdout, out } = call(clean, ...args);
    expect(status, stderr).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().length).toBeGreaterThan(10);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(join(out, 'summary.json'))).toBe(false);
  });
  it('2: missing dataset, missing predictions, a folder without images, no command', () => {
    expect(maskaudit('audit', join(folder, 'nowhere')).status).toBe(2);
    expect(maskaudit('audit', clean.dataset, '--predictions', join(folder, 'nowhere')).status).toBe(2);
    mkdirSync(join(folder, 'void'), { recursive: true });
    expect(maskaudit('audit', join(folder, 'void')).status).toBe(2);
    expect(maskaudit('adit', clean.dataset).status).toBe(2);
  });
  it('3: --out that is not writable, a model that is none', () => {
    const file = join(folder, 'a-file');
    writeFile(file, 'x');
    expect(call(clean, '--out', join(file, 'run')).status).toBe(3);
    const model = join(folder, 'broken.onnx');
    writeFile(model, 'no model');
    expect(maskaudit('audit', clean.dataset, '--model', model, '--out', join(folder, 'm')).status).toBe(3);
    if (process.getuid?.() !== 0) {
      const closed = join(folder, 'closed');
      mkdirSync(closed);
      chmodSync(closed, 0o500);
      expect(call(clean, '--out', join(closed, 'run')).status).toBe(3);
    }
  });
});

describe('streams', () => {
  it('--format json prints summary.json itself and nothing else', () => {
    const { stdout, out } = call(missed, '--format', 'json');
    expect(stdout.trim()).toBe(readFileSync(join(out, 'summary.json'), 'utf8').trim());
    const covid = JSON.parse(stdout).classes.find((c: { key: string }) => c.key === 'covid');
    expect(covid.outcomes.miss).toBe(4);
  });
  it('--format ndjson prints a JSON value a line', () => {
    const lines = call(missed, '--format', 'ndjson').stdout.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) JSON.parse(line);
  });
  it('the text has at most 12 lines; --quiet leaves stderr empty', () => {
    const { stdout, stderr } = call(missed, '--quiet');
    expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(12);
    expect(stderr).toBe('');
  });
});

describe('audit --class covid --fail-on P001 --csv misses.csv', () => {
  it('writes the failures of the class and ends with 1', () => {
    const csv = join(folder, 'misses.csv');
    const { status, out } = call(missed, '--class', 'covid', '--fail-on', 'P001', '--csv', csv);
    expect(status).toBe(1);
    const bad = missed.samples.filter((s) => outcomeOf(countClass(s, 2, null)) === 'miss').map((s) => s.image);
    expect(bad.length).toBe(4);
    const { rows, header } = parseCsv(readFileSync(csv, 'utf8'));
    expect(rows.map((r) => r.image).sort()).toEqual(bad.sort());
    expect(new Set(rows.map((r) => r.outcome))).toEqual(new Set(['miss']));
    expect(header).toContain('truth_pixels');
    for (const row of rows) expect(row.rules).toContain('P001');
    expect(existsSync(join(out, 'covid.csv'))).toBe(true);
    expect(existsSync(join(out, 'non-covid.csv'))).toBe(false);
    const { rows: findings } = parseCsv(readFileSync(join(out, 'findings.csv'), 'utf8'));
    for (const f of findings) expect(['covid', ''], `${f.rule} ${f.class}`).toContain(f.class);
    const { classes } = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
    expect(classes.length).toBe(4);
  });
  it('the alias `audit` does the same', () => {
    const { out } = call(missed, '--class', 'covid');
    const rows = parseCsv(readFileSync(join(out, 'covid.csv'), 'utf8')).rows;
    expect(rows.length).toBe(missed.samples.length);
  });
  it('export writes failures, --all every row', () => {
    const { out } = call(missed);
    const failures = maskaudit('export', out, '--class', 'covid', '--csv', join(folder, 'export.csv'));
    expect(failures.status, failures.stderr).toBe(0);
    const count = (file: string) => parseCsv(readFileSync(join(folder, file), 'utf8')).rows.length;
    expect(count('export.csv')).toBe(4);
    maskaudit('export', out, '--class', 'covid', '--all', '--csv', join(folder, 'all.csv'));
    expect(count('all.csv')).toBe(missed.samples.length);
  });
  it('stats says the same of the annotations as audit', () => {
    const { stdout } = maskaudit(
      'stats',
      missed.dataset,
      ...missed.args,
      '--format',
      'json',
      '--out',
      join(folder, 'stats'),
    );
    const audited = JSON.parse(call(missed, '--format', 'json').stdout);
    const pick = (s: { classes: { truth: unknown; weights: unknown }[] }) => s.classes.map((c) => [c.truth, c.weights]);
    expect(pick(JSON.parse(stdout))).toEqual(pick(audited));
  });
});
