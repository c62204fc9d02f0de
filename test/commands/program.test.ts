import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULE_PAGES } from '../../src/pipeline/checks/registry.js';
import { ALIAS, bash, makeDataset, makeFolder, makeManyImages, maskaudit, removeFolder, watched } from './program.js';

const STACK = /^ {4}at /m;
let folder: string;
const read = (...parts: string[]) => readFileSync(path.join(folder, ...parts), 'utf8');
const run = (...args: string[]) => maskaudit(args, folder);

beforeAll(() => {
  folder = makeFolder();
  makeDataset(folder);
});
afterAll(() => removeFolder(folder));

describe('help and version', () => {
  it.each([[['--help']], [['-h']], [['help']], [['audit', '--help']], [['help', 'merge']]])(
    '%j is on stdout',
    (args) => {
      const { code, stdout, stderr } = run(...args);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain('Usage: maskaudit ');
    },
  );
  it('is the version of package.json', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    expect(run('stats', '--version').stdout).toBe(`${version}\n`);
  });
  it('of `audit` is that of `maskaudit audit`', () => {
    expect(maskaudit(['--help'], folder, {}, ALIAS)).toEqual(run('audit', '--help'));
  });
});

describe('a wrong call exits with 2: one message on stderr, nothing on stdout, no stack', () => {
  it.each<[string[], string]>([
    [[], 'Usage: maskaudit <command>'],
    [['audti'], 'unknown command "audti"; did you mean audit?'],
    [['data'], 'unknown command "data"; did you mean maskaudit audit data?'],
    [['--class', 'cyst'], 'a command comes first'],
    [['audit', '--clas', 'cyst'], 'unknown option --clas for audit; did you mean --class?'],
    [
      ['audit', '--class', 'cist'],
      'unknown class "cist": this dataset has 0 background (Background), 1 cyst (cyst), 2 node',
    ],
    [['audit', '--class', 'bubbel'], 'did you mean bubble?'],
    [['audit', '--split', 'tets'], 'this dataset has test, train; did you mean test?'],
    [['audit', '--layout', 'mask'], 'did you mean masks?'],
    [['audit', '--split', 'dev'], 'dev'],
    [['audit', 'nowhere'], 'nowhere'],
    [['audit', '--predictions', 'nowhere'], 'nowhere'],
    [['audit', '--model', 'nowhere.onnx'], 'nowhere.onnx'],
    [['audit', '--model', 'm.onnx', '--predictions', 'predictions'], 'exclude each other'],
    [['audit', '--resume'], '--resume needs --out'],
    [['audit', '--shard', '3/2'], '--shard 3/2'],
    [['audit', '--fail-on', 'P999'], 'P999'],
    [['audit', '--select', 'X'], 'X'],
    [['audit', '--config', 'nowhere.json'], 'nowhere.json: no such file'],
    [['explain', 'Z001'], 'Z001'],
    [['export', '--', '--help'], '--help'],
    [['export', 'nowhere'], 'nowhere'],
    [['export'], 'export needs <run>, the run folder'],
    [['merge', 'nowhere'], 'nowhere'],
  ])('%j', (args, message) => {
    const { code, stdout, stderr } = run(...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(STACK);
    expect([code, stdout]).toEqual([2, '']);
  });
  it('leaves no run folder behind', () => {
    expect(existsSync(path.join(folder, 'runs'))).toBe(false);
  });
  it('shows the stack with --debug', () => {
    expect(run('audit', 'nowhere', '--debug')).toMatchObject({ code: 2, stderr: expect.stringMatching(STACK) });
  });
  it('names the configuration that is wrong', () => {
    const other = makeFolder();
    writeFileSync(path.join(other, 'maskaudit.config.json'), '{"datasets": "x"}');
    expect(maskaudit(['stats'], other)).toMatchObject({
      code: 2,
      stderr: 'maskaudit: maskaudit.config.json: unknown key "datasets"; did you mean dataset?\n',
    });
    removeFolder(other);
  });
});

describe('work that failed exits with 3', () => {
  it('where the run folder cannot be made', () => {
    const { code, stdout, stderr } = run('stats', '--out', 'maskaudit.config.json/run');
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('maskaudit.config.json');
    expect(stderr).not.toMatch(STACK);
  });
  it.runIf(existsSync('/dev/full'))('where stdout is full', () => {
    const { code, stderr } = bash('maskaudit explain > /dev/full', folder);
    expect(code).toBe(3);
    expect(stderr).not.toMatch(STACK);
  });
});

describe('audit --predictions', () => {
  const predictions = ['--predictions', 'predictions'];
  it.each([
    [[], 1],
    [['--fail-on', 'none'], 0],
    [['--fail-on', 'D001'], 0],
    [['--fail-on', 'P001'], 1],
    [['--fail-on', 'P001', '--class', 'bubble'], 1],
    [['--fail-on', 'P001', '--class', 'node'], 0],
    [['--fail-on', 'D001', '--fail-on', 'P002'], 1],
    [['--fail-on', 'P001', '--split', 'train'], 0],
    [['--fail-on', 'P001', '--ignore', 'P001'], 0],
  ])('%j exits with %i', (args, code) => {
    expect(run('audit', ...predictions, ...args, '--quiet')).toEqual({ code, stdout: '', stderr: '' });
  });
  it('starts anew in a folder without a file of the run before, and leaves what is not its own', () => {
    const again = ['audit', ...predictions, '--fail-on', 'none', '--quiet', '--out', 'again'];
    const files = () => readdirSync(path.join(folder, 'again')).sort();
    run(...again);
    expect(files()).toContain('node.csv');
    const own = files().filter((name) => name !== 'node.csv');
    writeFileSync(path.join(folder, 'again', 'notes.csv'), 'mine');
    run(...again, '--class', 'bubble');
    expect(files()).toEqual([...own, 'notes.csv'].sort());
  });
  it('is what `audit` does', () => {
    const ended = maskaudit([...predictions, '--class', 'cyst', '--quiet'], folder, {}, ALIAS);
    expect(ended).toEqual({ code: 1, stdout: '', stderr: '' });
  });
  it('prints a summary on stdout, and progress on stderr', () => {
    const { stdout, stderr } = run('audit', ...predictions);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines.at(-1)).toMatch(/^Next: +maskaudit /);
    expect(stderr).toContain('4 images');
  });
  it('prints summary.json itself with --format json', () => {
    const { stdout } = run('audit', ...predictions, '--format', 'json', '--out', 'json-run');
    expect(stdout).toBe(read('json-run', 'summary.json'));
    const { classes, images } = JSON.parse(stdout);
    expect(images).toBe(4);
    // a: 64 of 64, b: 64 of 256, c: 0 of 16 pixels.
    expect(classes[1].outcomes).toEqual({ hit: 2, miss: 1, false_alarm: 0, disjoint: 0, empty: 1, unscored: 0 });
    expect(classes[1].iou.pooled).toBeCloseTo(128 / 336, 12);
    expect(classes[2].outcomes).toMatchObject({ false_alarm: 1, empty: 3 });
  });
  it('prints an event a line with --format ndjson', () => {
    const { stdout } = run('audit', ...predictions, '--format', 'ndjson');
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ type: 'discovered', images: 4 });
    expect(events.at(-1)).toMatchObject({ type: 'finished', interrupted: false });
  });
  it('writes the failure rows to --csv', () => {
    run('audit', ...predictions, '--class', 'cyst', '--csv', 'misses.csv', '--out', 'csv-run');
    const [header, ...rows] = read('misses.csv').trimEnd().split('\r\n');
    expect(header).toMatch(/^image,split,source,truth_pixels,/);
    expect(rows.map((row) => row.split(',')[0])).toEqual(['test/images/c', 'train/images/b']);
  });
  it('takes values from the environment, under flags', () => {
    const env = { MASKAUDIT_FORMAT: 'json', MASKAUDIT_PREDICTIONS: 'predictions', MASKAUDIT_CLASS: 'node' };
    const { stdout, code } = maskaudit(['audit', '--fail-on', 'P001'], folder, env);
    expect([JSON.parse(stdout).scored, code]).toEqual([4, 0]);
    expect(maskaudit(['audit', '--format', 'text'], folder, env).stdout).not.toContain('"schema"');
  });
  it('warns of a variable that is misspelt', () => {
    expect(maskaudit(['stats'], folder, { MASKAUDIT_JOB: '2' }).stderr).toContain('did you mean MASKAUDIT_JOBS?');
  });
  it('says that --ui has no screen yet, and goes on', () => {
    const { code, stderr } = run('stats', '--ui');
    expect(code).toBe(0);
    expect(stderr).toContain('--ui');
  });
});

describe('run folders', () => {
  it('of two audits in the same second are two', () => {
    const other = makeFolder();
    makeDataset(other);
    const two = 'maskaudit stats --quiet & a=$!; maskaudit stats --quiet & b=$!; wait $a && wait $b';
    expect(bash(two, other).code).toBe(0);
    const runs = readdirSync(path.join(other, 'runs'));
    expect(runs).toHaveLength(2);
    for (const name of runs) expect(readdirSync(path.join(other, 'runs', name))).toContain('summary.json');
    removeFolder(other);
  });
});

describe('stats', () => {
  it('exits with 0 whatever is found, unless told', () => {
    mkdirSync(path.join(folder, 'broken', 'images'), { recursive: true });
    mkdirSync(path.join(folder, 'broken', 'masks'));
    writeFileSync(path.join(folder, 'broken', 'images', 'x.png'), 'no picture');
    writeFileSync(path.join(folder, 'broken', 'masks', 'x.png'), 'no picture');
    expect(run('stats', 'broken', '--quiet').code).toBe(0);
    expect(run('stats', 'broken', '--quiet', '--fail-on', 'error').code).toBe(1);
    expect(run('audit', 'broken', '--quiet').code).toBe(1);
  });
  it('has no option for a model', () => {
    expect(run('stats', '--model', 'm.onnx').stderr).toContain('unknown option --model for stats');
  });
});

describe('export', () => {
  beforeAll(() => {
    run('audit', '--predictions', 'predictions', '--out', 'export-run', '--quiet');
  });
  const images = (text: string) =>
    text
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((row) => row.split(',')[0]);
  it('prints the failures of a class', () => {
    const { code, stdout, stderr } = run('export', 'export-run', '--class', 'cyst');
    expect([code, stderr]).toEqual([0, '']);
    expect(images(stdout)).toEqual(['test/images/c', 'train/images/b']);
  });
  it('takes --iou-below and --all', () => {
    expect(images(run('export', 'export-run', '--class', 'cyst', '--iou-below', '0.2').stdout)).toEqual([
      'test/images/c',
    ]);
    expect(images(run('export', 'export-run', '--class', 'cyst', '--all').stdout)).toHaveLength(4);
  });
  it('writes files, and says so on stderr', () => {
    const { code, stdout, stderr } = run('export', 'export-run', '--all', '--out', 'rows');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('8 rows in ');
    expect(readdirSync(path.join(folder, 'rows')).sort()).toEqual(['cyst.csv', 'node.csv']);
    expect(run('export', 'export-run', '--csv', 'one.csv', '--quiet').stderr).toBe('');
    expect(run('export', 'export-run', '--csv', 'a', '--out', 'b').code).toBe(2);
  });
});

describe('explain', () => {
  it('prints the page of a rule', () => {
    const { code, stdout } = run('explain', 'L003');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^L003 \(error\)/);
  });
  it('lists every rule', () => {
    const listed = run('explain').stdout.trimEnd().split('\n');
    expect(listed.map((line) => line.split(' ')[0])).toEqual([...RULE_PAGES.keys()]);
  });
  it('prints JSON: an object for one rule, an array for several, lines for ndjson', () => {
    expect(JSON.parse(run('explain', 'l003', '--format', 'json').stdout)).toMatchObject({
      code: 'L003',
      severity: 'error',
    });
    expect(JSON.parse(run('explain', 'B', '--format', 'json').stdout)).toHaveLength(3);
    expect(run('explain', 'B', '--format', 'ndjson').stdout.trimEnd().split('\n')).toHaveLength(3);
  });
  it('ends quietly where its reader has gone', () => {
    const { stdout, stderr } = bash(`maskaudit explain ALL | head -n 1; echo "\${PIPESTATUS[0]}"`, folder);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('0');
    expect(stderr).toBe('');
  });
});

describe('Ctrl-C', () => {
  const IMAGES = 3000;
  let many: string;
  beforeAll(() => {
    many = makeFolder();
    makeManyImages(many, IMAGES);
  });
  afterAll(() => removeFolder(many));

  it('writes what was finished, exits with 130, and the printed command goes on from it to the same end', async () => {
    const stopped = await watched(
      ['stats', '--jobs', '1', '--out', 'run', '--format', 'ndjson'],
      many,
      (text, kill) => {
        if (text.includes('"type":"progress"')) kill();
      },
    );
    expect(stopped.code).toBe(130);
    const partial = JSON.parse(readFileSync(path.join(many, 'run', 'summary.json'), 'utf8'));
    expect(partial.complete).toBe(false);
    expect(partial.images).toBeLessThan(IMAGES);
    const resume = /maskaudit (stats .* --resume)$/m.exec(stopped.stderr)?.[1].split(' ') ?? [];
    expect(maskaudit([...resume, '--quiet'], many)).toMatchObject({ code: 0, stderr: '' });
    expect(maskaudit(['stats', '--out', 'whole', '--quiet'], many).code).toBe(0);
    for (const name of ['summary.json', 'images.csv', 'findings.csv']) {
      expect(readFileSync(path.join(many, 'run', name), 'utf8')).toBe(
        readFileSync(path.join(many, 'whole', name), 'utf8'),
      );
    }
  });
  it('does not disturb a run that shares a shell with another: shards merge to the whole', () => {
    for (const shard of ['1/2', '2/2']) {
      expect(maskaudit(['stats', '--shard', shard, '--out', `s${shard[0]}`, '--quiet'], many).code).toBe(0);
    }
    expect(maskaudit(['merge', 's1', 's2', '--out', 'merged', '--format', 'json'], many).code).toBe(0);
    expect(readFileSync(path.join(many, 'merged', 'images.csv'), 'utf8')).toBe(
      readFileSync(path.join(many, 'whole', 'images.csv'), 'utf8'),
    );
  });
});
