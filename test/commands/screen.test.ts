import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDataset, makeFolder, makeManyImages, maskaudit, PROGRAM, removeFolder } from './program.js';
import { afterwards, ENTER, inTerminal, LEAVE, runInTerminal } from './terminal.js';

let folder: string;
let many: string;
beforeAll(() => {
  folder = makeFolder();
  makeDataset(folder);
  maskaudit(['audit', '--predictions', 'predictions', '--out', 'run'], folder);
  many = makeFolder();
  // Large enough that a run of it is still under way when a key has been seen, however busy the machine.
  makeManyImages(many, 6000, 1024);
});
afterAll(() => {
  removeFolder(folder);
  removeFolder(many);
});

describe('the screen in a pseudo-terminal', () => {
  it('shows an audit until q, then leaves the summary in the scrollback', () => {
    const { status, output, steps_left } = inTerminal(
      ['audit', '--predictions', 'predictions', '--out', 'seen'],
      folder,
      [
        { until: 'done', send: '3' },
        { until: 'outcome', send: '\r' },
        { until: 'difference', send: 'q' },
      ],
    );
    expect(steps_left).toBe(0);
    // c is a miss of cyst (P001): findings of severity error.
    expect(status).toBe(1);
    expect(afterwards(output)).toMatch(
      /cyst: IoU 0\.\d{4} pooled[\s\S]*\r\nFiles: seen \(.*\r\nNext: {2}maskaudit export seen/,
    );
    expect(afterwards(output).split('\r\n').length).toBeLessThanOrEqual(2 + 12 + 1);
  });

  it('is not there in CI, without colour support for cursors, or where it is not wanted', () => {
    for (const [args, env] of [
      [['--no-ui'], {}],
      [[], { CI: 'true' }],
      [[], { TERM: 'dumb' }],
      [['--format', 'json'], {}],
    ] as const) {
      const { output, status } = inTerminal(
        ['stats', '--out', `run-${args}${Object.keys(env)}`, ...args],
        folder,
        [],
        env,
      );
      expect(status).toBe(0);
      expect(output).not.toContain(ENTER);
    }
    const { output } = inTerminal(['stats', '--out', 'run-forced', '--ui'], folder, [{ until: 'done', send: 'q' }], {
      CI: '1',
    });
    expect(output).toContain(ENTER);
  });

  it('says why --ui has no screen', () => {
    expect(maskaudit(['stats', '--ui', '--out', 'run-piped'], folder).stderr).toContain('--ui: stdout is no terminal');
  });

  it('stops at Ctrl-C, writes what is done and says how to go on', () => {
    const { status, output } = inTerminal(['stats', '--jobs', '1', '--out', 'stopped'], many, [
      { until: 'so far', send: '\u0003' },
    ]);
    expect(status).toBe(130);
    expect(output).toContain('stopping');
    expect(afterwards(output)).toMatch(/Interrupted after [\d,]+ of 6,000[\s\S]*maskaudit stats .*--resume/);
    const resumed = maskaudit(['stats', '--out', 'stopped', '--resume', '--format', 'json'], many);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ images: 6000, complete: true });
  });

  it('leaves at once at the second Ctrl-C, the terminal as it was', () => {
    const { status, output } = inTerminal(['stats', '--jobs', '1', '--out', 'left'], many, [
      { until: 'so far', send: '\u0003' },
      { until: 'stopping', send: '\u0003', pause: 0.15 },
    ]);
    expect(status).toBe(130);
    expect(output).toContain(LEAVE);
  });

  it('sleeps at Ctrl-Z and comes back with fg, the terminal in order each time', () => {
    const shell = ['bash', '--norc', '--noprofile', '-i'];
    const { status, output, steps_left } = runInTerminal(
      shell,
      folder,
      [
        { until: '> ', send: `'${process.execPath}' '${PROGRAM}' show run\n` },
        { until: 'done', send: '\u001a' },
        { until: 'Stopped', send: 'stty -a | grep -o "[-]*icanon"; fg\n' },
        { until: 'done', send: '3q' },
        { until: LEAVE },
        { until: '> ', send: 'exit 7\n' },
      ],
      { PS1: '> ' },
    );
    expect({ status, steps_left }).toEqual({ status: 7, steps_left: 0 });
    expect(output).toMatch(/[\r\n]icanon\r\n/);
    expect(output.split(ENTER), 'the screen is taken twice').toHaveLength(3);
    const [before, between, after] = output.split(ENTER);
    for (const part of [before, between.slice(between.indexOf(LEAVE)), after.slice(after.indexOf(LEAVE))]) {
      expect(part).not.toContain('Overview');
    }
  });

  it('goes on at Ctrl-Z where no shell could wake it', () => {
    const { status, output, steps_left } = inTerminal(['show', 'run'], folder, [
      { until: 'Overview', send: '\u001a' },
      { until: LEAVE },
      { until: 'Overview', send: 'q' },
    ]);
    expect({ status, steps_left }).toEqual({ status: 0, steps_left: 0 });
    expect(output.split(ENTER)).toHaveLength(3);
  });

  it('answers a Ctrl-C among other keys', () => {
    const { status } = inTerminal(['stats', '--jobs', '1', '--out', 'typed'], many, [
      { until: 'so far', send: '3j\u0003' },
    ]);
    expect(status).toBe(130);
  });

  it('follows a window that changes while it streams', () => {
    const { output, steps_left } = inTerminal(['stats', '--jobs', '1', '--out', 'resized'], many, [
      { until: 'so far', resize: [40, 12] },
      { until: 'so far', resize: [160, 50] },
      { until: 'Images', send: 'j', pause: 0.2 },
      { until: 'done', send: 'q' },
    ]);
    expect(steps_left).toBe(0);
    expect(afterwards(output)).toContain('6,000 images');
  });

  it('shows a finished run, and prints one image of it', () => {
    const show = inTerminal(['show', 'run'], folder, [
      { until: 'done', send: '?' },
      { until: 'Keys', send: 'q' },
    ]);
    expect(show).toMatchObject({ status: 0, steps_left: 0 });
    expect(afterwards(show.output)).toBe('');
    const image = maskaudit(['show', 'run', 'test/images/c'], folder, { LANG: 'C.UTF-8' });
    expect(image).toMatchObject({ code: 0, stderr: '' });
    // 4 x 4 of 16 x 16 pixels of cyst in the truth, none predicted.
    expect(image.stdout).toMatch(/cyst +16 +0\.0000 +miss/);
    expect(image.stdout).toMatch(/M missed/);
    expect(image.stdout).toMatch(/P001 error: 16 pixels of cyst/);
    expect(image.stdout).not.toContain('\u001b');
    expect(maskaudit(['show', 'run', 'c'], folder).stdout).toBe(image.stdout);
  });

  it('knows the image that was meant, and says so', () => {
    const { code, stdout, stderr } = maskaudit(['show', 'run', 'test/images/cc'], folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('the run has no image test/images/cc; did you mean test/images/c?');
    expect(maskaudit(['show', 'run', 'st/images/'], folder).stderr).toMatch(
      /no image st\/images\/; did you mean test\/images\/\w or test\/images\/\w\?/,
    );
    expect(maskaudit(['show', 'nowhere'], folder).code).toBe(2);
  });

  it('says where a journal has lost images, and of how many a stopped run is', () => {
    const journal = readFileSync(path.join(folder, 'run', 'journal.ndjson'), 'utf8');
    const half = (name: string, file: string) => {
      cpSync(path.join(folder, 'run'), path.join(folder, name), { recursive: true });
      rmSync(path.join(folder, name, 'journal.ndjson'));
      writeFileSync(path.join(folder, name, file), `${journal.split('\n').slice(0, 4).join('\n')}\n`);
    };
    half('damaged', 'journal.ndjson');
    const { code, stdout, stderr } = maskaudit(['show', 'damaged'], folder);
    expect(stderr).toContain('journal.ndjson is damaged: 3 of 4 images can be read, and all figures are about those');
    expect(code).toBe(0);
    expect(stdout).toContain('3 images scored');
    half('halted', 'journal.ndjson.part');
    expect(maskaudit(['show', 'halted'], folder).stdout).toContain('Interrupted after 3 of 4 images');
  });

  it('prints the summary of a run where there is no terminal', () => {
    const { code, stdout } = maskaudit(['show', 'run'], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^cyst: IoU/);
    const whole = JSON.parse(maskaudit(['show', 'run', '--format', 'json'], folder).stdout);
    expect(whole).toMatchObject({ schema: 1, images: 4 });
  });
});
