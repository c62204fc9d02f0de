import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RunEvent } from '../../../src/pipeline/events.js';
import type { ImageRecord } from '../../../src/pipeline/record.js';
import type { Subject } from '../../../src/ui/screen/model.js';
import { openScreen, type Screen } from '../../../src/ui/screen/screen.js';
import { madeProgress } from '../made-events.js';
import { ENGINE, madeClass, madeSummary } from '../made-summaries.js';
import { FakeKeys, FakeTerminal } from './fake-terminal.js';
import { madeFinding, madeHeader, madeRecord, RECORDS } from './made-run.js';

const SUBJECT: Subject = {
  command: 'audit',
  dataset: 'covid-qu-ex',
  work: 'masks of predictions',
  scores: true,
  titles: { P001: 'A positive image with no predicted pixel of its class' },
};

const DISCOVERED: RunEvent = {
  type: 'discovered',
  dataset: '/data/set',
  layout: 'covid-qu-ex',
  subset: 'infection',
  images: 4,
  splits: { test: 2, train: 2 },
  notes: [],
};

const outcomes = { hit: 0, miss: 0, false_alarm: 0, disjoint: 0, empty: 0, unscored: 0 };
/** covid: 20 of 400 pixels in 2 of 4 images. */
const PROGRESS: RunEvent = {
  type: 'progress',
  progress: madeProgress({ done: 4, total: 1000, elapsedMs: 1000, findings: { error: 1, warning: 0, info: 0 } }),
  classes: [
    { key: 'background', truthPixels: 380, truthImages: 4, outcomes, pooledIou: null, smoothedIou: null },
    {
      key: 'lung',
      truthPixels: 0,
      truthImages: 0,
      outcomes: { ...outcomes, empty: 4 },
      pooledIou: null,
      smoothedIou: 1,
    },
    {
      key: 'covid',
      truthPixels: 20,
      truthImages: 2,
      outcomes: { ...outcomes, hit: 1, miss: 1, empty: 1, false_alarm: 1 },
      pooledIou: 6 / 27,
      smoothedIou: 0.4,
    },
  ],
};

const IMAGE = {
  width: 4,
  height: 4,
  image: new Uint8Array(16).fill(255),
  truth: Uint8Array.from({ length: 16 }, (_, i) => (i % 4 === 3 ? 2 : 0)),
  predicted: new Uint8Array(16),
  heat: [],
  faults: [],
};

const opened: Screen[] = [];
afterEach(() => {
  for (const screen of opened.splice(0)) screen.close();
});

function open(columns: number, rows: number, env: Record<string, string> = {}) {
  const terminal = new FakeTerminal(columns, rows);
  const keys = new FakeKeys();
  const stop = new AbortController();
  const interrupts: number[] = [];
  const suspended: number[] = [];
  const asked: number[] = [];
  const screen = openScreen({
    stdin: keys.asStream(),
    stdout: terminal.asStream(),
    env: { TERM: 'xterm-256color', LANG: 'C.UTF-8', NO_COLOR: '1', ...env },
    subject: SUBJECT,
    now: () => performance.now(),
    interrupt() {
      interrupts.push(1);
      stop.abort();
    },
    suspend() {
      suspended.push(1);
    },
    signal: stop.signal,
    closed() {},
    images: async () => ({
      image: async (position: number) => {
        asked.push(position);
        return { ...IMAGE, record: RECORDS[position] };
      },
      close: async () => {},
    }),
  });
  opened.push(screen);
  const press = async (text: string) => {
    keys.press(text);
    await wait(130);
  };
  return { terminal, keys, screen, stop, interrupts, suspended, asked, press };
}

/** A run that has measured four images. */
function streams(screen: Screen, records: readonly ImageRecord[] = RECORDS) {
  screen.event(DISCOVERED);
  screen.watch.started(madeHeader(), null);
  screen.watch.records(records);
  for (const { findings = [], image, split, source } of records) {
    for (const finding of findings) screen.event({ type: 'finding', finding: { ...finding, image, split, source } });
  }
  screen.event(PROGRESS);
}

const FINISHED: RunEvent = {
  type: 'finished',
  folder: '/runs/a',
  interrupted: false,
  summary: madeSummary({
    images: 4,
    classes: [madeClass({ index: 2, key: 'covid', iou: { pooled: 0.25 }, pooledIou: [0.1, 0.4] })],
  }),
};

/** Until React and Ink are there: then there is more than the first lines. */
const settle = (terminal: FakeTerminal) =>
  vi.waitFor(
    () =>
      expect(terminal.lines.slice(3).join('') || terminal.lines[0].slice(0, 15)).not.toMatch(/^(maskaudit audit)?$/),
    20_000,
  );

describe('the screen', () => {
  it('shows a first line at once, before React is there', () => {
    const { terminal } = open(80, 24);
    expect(terminal.alternate).toBe(true);
    expect(terminal.lines[0]).toMatch(/^maskaudit audit {2}covid-qu-ex +looking at folders$/);
  });

  it('tells of a run that streams: progress, engine, balance, scores beside the naive ones, rules', async () => {
    const { terminal, screen } = open(80, 24);
    await settle(terminal);
    streams(screen);
    screen.event({ type: 'engine', info: ENGINE, skipped: [] });
    await wait(800);
    const { lines, text } = terminal;
    expect(lines[0]).toMatch(/measuring$/);
    expect(lines[1]).toMatch(/4\/1,000 {2}4\.0 images\/s {2}4 min 09 s left/);
    expect(lines[2]).toContain('onnx 1.30.0 on cpu; unet.onnx, input 256x256, batch 8');
    expect(lines[3]).toMatch(/^\[1 Overview] {2}2 Findings 1 {3}3 Images 4$/);
    expect(text).toMatch(/covid +▉·{17} +5\.00 % +20 +█{9}·{9} +50\.0 % +2\n/);
    expect(text).toMatch(/class +hit +miss +alarm +empty +IoU +smoothed +gap\n/);
    expect(text).toMatch(/■ covid +1 +1 +1 +1 +0\.2222 +0\.4000 +\+0\.1778/);
    expect(text).toMatch(/lung: 4 images with it in neither mask count as perfect in the smoothed/);
    expect(text).toMatch(/P001 error 1 A positive image with no predicted pixel of its class/);
    expect(lines.at(-1)).toBe('tab next page  c class  ? help  q quit');
  });

  it('gives no sign to a gap of nothing', async () => {
    const { terminal, screen, press } = open(80, 30);
    await settle(terminal);
    streams(screen);
    const { classes } = PROGRESS as RunEvent & { type: 'progress' };
    const even = classes.map((c) => (c.key === 'covid' ? { ...c, pooledIou: 0.50001, smoothedIou: 0.5 } : c));
    screen.event({ ...PROGRESS, classes: even } as RunEvent);
    await press('1');
    expect(terminal.text).toMatch(/covid .* 0\.5000 +0\.5000 +0\.0000\n/);
  });

  it('scrolls the overview where it is longer than the window, down to splits and sources', async () => {
    const { terminal, screen, press } = open(80, 20);
    await settle(terminal);
    streams(screen);
    await press('1');
    expect(terminal.lines[4]).toMatch(/^── Balance/);
    expect(terminal.lines.at(-1)).toContain('↓ more');
    await press('j');
    expect(terminal.lines[4]).toMatch(/^ +class +pixels/);
    expect(terminal.lines.at(-2)).toMatch(/^ {2}\d more lines below$/);
    await press('G');
    expect(terminal.text).toMatch(/── Splits and sources {2}covid/);
    expect(terminal.text).toMatch(/split test +2 +2 +1 +1 +0 +0\.2727\n/);
    expect(terminal.text).toMatch(/source Normal +2 +0 +0 +0 +1 +0\.0000\n/);
    expect(terminal.lines.at(-2)).toBe('  the end');
    expect(terminal.lines.at(-1)).not.toContain('more');
    await press('c');
    expect(terminal.text).toMatch(/── Splits and sources {2}lung/);
  });

  it('counts in lists what the figures count, though more has arrived', async () => {
    const { terminal, screen, press } = open(80, 24);
    await settle(terminal);
    streams(screen);
    screen.watch.records([madeRecord('late', [1, 1, 1], { findings: [madeFinding({ image: 'late' })] })]);
    screen.event({ type: 'finding', finding: madeFinding({ image: 'late' }) });
    await press('3');
    expect(terminal.lines[1]).toContain('4/1,000');
    expect(terminal.lines[3]).toBe(' 1 Overview   2 Findings 1  [3 Images 4]');
    screen.event({ ...PROGRESS, progress: { ...PROGRESS.progress, done: 5 } } as RunEvent);
    await press('2');
    expect(terminal.lines[1]).toContain('5/1,000');
    expect(terminal.lines[3]).toBe(' 1 Overview  [2 Findings 2]  3 Images 5');
    // Rules about the whole set find something after the last image.
    screen.event({ type: 'finding', finding: madeFinding({ rule: 'D006', image: 'test/a' }) });
    screen.event(FINISHED);
    await press('3');
    expect(terminal.lines[3]).toBe(' 1 Overview   2 Findings 3  [3 Images 5]');
  });

  it('says that it writes before the work that keeps it from drawing', async () => {
    const { terminal, screen } = open(80, 24);
    await settle(terminal);
    streams(screen);
    screen.event({ type: 'finishing' });
    expect(terminal.lines[0]).toMatch(/writing$/);
    expect(terminal.lines[1]).not.toContain('left');
  });

  it.each([
    [80, 24],
    [120, 40],
    [200, 60],
    [40, 12],
    [30, 8],
    [20, 5],
  ])('never writes beyond %i x %i, on any page', async (columns, rows) => {
    const { terminal, screen, press } = open(columns, rows);
    await settle(terminal);
    streams(screen);
    for (const keys of ['2', '3', '\r', 'e', '\u001b', 'y', '\u001b', '\u001b', 'f', '\u001b', '?', '?', '1'])
      await press(keys);
    // The terminal throws where it is written beyond its edge; a fault of a view would end the screen.
    expect(await Promise.race([screen.quit, wait(10, 'open')])).toBe('open');
    if (rows < 8) expect(terminal.lines[0]).toContain('maskaudit needs 30');
    else expect(terminal.lines[0]).toContain('maskaudit audit');
  });

  it('follows the window when it changes', async () => {
    const { terminal, screen } = open(80, 24);
    await settle(terminal);
    streams(screen);
    terminal.resize(120, 40);
    expect(terminal.text).toContain('── Findings  1');
    expect(terminal.text).toContain('── Images: covid  4');
    terminal.resize(38, 12);
    expect(terminal.lines[3]).toBe('[1 Overview] 2  3');
  });

  it('lists images, sorts and narrows them, opens one and goes on to the next', async () => {
    const { terminal, screen, press, asked } = open(100, 30);
    await settle(terminal);
    streams(screen);
    await press('3');
    expect(terminal.text).toMatch(/▸ test\/a +test +COVID-19 +hit +0\.6000 +8 +8/);
    await press('s');
    expect(terminal.text).toMatch(/▲IoU/);
    expect(terminal.text).toMatch(/▸ test\/b .* miss +0\.0000 +12 +0 .*P001/);
    await press('/');
    await press('train');
    expect(terminal.lines.at(-1)).toMatch(/^\/train_ 2 found/);
    await press('\r');
    expect(terminal.text).toContain('1 of 2 (4 in all); by IoU; "train"');
    expect(terminal.text).not.toContain('test/a');
    await press('x');
    await press('\r');
    await wait(150);
    expect(asked).toEqual([1]);
    expect(terminal.text).toContain('▸ test/b');
    expect(terminal.text).toMatch(/covid +12 +0 +0 +0\.0000 +miss/);
    expect(terminal.text).toMatch(/▸ P001 error: 12 pixels of covid, none predicted/);
    // Truth on the left panel, nothing on the middle one, what was missed on the right one.
    expect(terminal.text).toMatch(/@C+ {2}@+ {2}@+M+/);
    await press('e');
    expect(terminal.text).toContain('What it compares');
    await press('\u001b');
    await press('n');
    await wait(150);
    expect(asked).toEqual([1, 3]);
  });

  it('shows paths alone on their lines', async () => {
    const { terminal, screen, press } = open(80, 24);
    await settle(terminal);
    streams(screen);
    await press('3');
    await press('y');
    await wait(150);
    expect(terminal.lines).toContain('/data/set/test/a.png');
    expect(terminal.lines).toContain('/data/masks/test/a.png');
  });

  it('keeps names from data inert and lines aligned', async () => {
    const { terminal, screen, press } = open(100, 24);
    await settle(terminal);
    const evil = ['\u001b[31mred', 'a\nb', '\u202egnp', 'z\u200bw'].map((name) => madeRecord(`x/${name}`, [1, 0, 0]));
    streams(screen, evil);
    await press('3');
    expect(terminal.text).toContain('x/\\x1b[31mred');
    expect(terminal.text).toContain('x/a\\nb');
    expect(terminal.text).toContain('x/\\u202egnp');
    expect(terminal.text).toContain('x/z\\u200bw');
    const ends = terminal.lines.filter((line) => line.includes('x/')).map((line) => line.indexOf('1.0000'));
    expect(new Set(ends).size).toBe(1);
  });

  it('is ASCII where the terminal is', async () => {
    const { terminal, screen, press } = open(80, 24, { LANG: 'C' });
    await settle(terminal);
    streams(screen);
    for (const key of ['2', '3', '?']) await press(key);
    expect([...terminal.written].every((sign) => sign < '\u007f')).toBe(true);
    expect(terminal.text).toContain('> Keys');
  });

  it('follows the findings until somebody looks, and sorts them by severity at the end', async () => {
    const { terminal, screen, press } = open(80, 10);
    await settle(terminal);
    streams(screen);
    for (let i = 0; i < 20; i++) {
      screen.event({ type: 'finding', finding: madeFinding({ rule: 'P003', severity: 'warning', image: `n/${i}` }) });
    }
    screen.event({ type: 'finding', finding: madeFinding({ image: 'last' }) });
    await press('2');
    expect(terminal.lines[3]).toContain('[2 Findings 1]');
    screen.event(PROGRESS);
    await press('2');
    expect(terminal.text).toMatch(/▸ P001 error .*last/);
    screen.event(FINISHED);
    await wait(150);
    expect(terminal.lines[4]).toContain('by severity');
    expect(terminal.text).toMatch(/▸ P001 error .*test\/b/);
  });

  it('scrolls and sorts 34,000 rows', async () => {
    const { terminal, screen, press } = open(200, 60);
    await settle(terminal);
    const many = Array.from({ length: 34_000 }, (_, i) => madeRecord(`test/${i}`, [i % 90, 3, 5]));
    streams(screen, many);
    await press('3');
    for (const key of ['G', '\u001b[5~', 'j', 'g', 's', 'G']) await press(key);
    expect(terminal.text).toContain('34,000 of 34,000; by IoU');
  });
});

describe('leaving', () => {
  it('waits for q at the end', async () => {
    const { terminal, screen, press } = open(80, 24);
    await settle(terminal);
    streams(screen);
    screen.event(FINISHED);
    screen.verdict('covid: IoU 0.2500 pooled.');
    await wait(150);
    expect(await Promise.race([screen.quit, wait(10, 'open')])).toBe('open');
    await press('q');
    expect(await screen.quit).toBeNull();
  });

  it('shows the verdict and final figures at the end', async () => {
    const { terminal, screen } = open(100, 30);
    await settle(terminal);
    streams(screen);
    screen.event(FINISHED);
    screen.verdict('covid: IoU 0.2500 pooled.');
    await wait(150);
    expect(terminal.text).toContain('covid: IoU 0.2500 pooled.');
    expect(terminal.text).toContain('0.1000-0.4000');
    expect(terminal.lines[0]).toMatch(/done$/);
  });

  it('asks before it stops a run, and says that it stops', async () => {
    const { terminal, screen, press, interrupts } = open(80, 24);
    await settle(terminal);
    streams(screen);
    await press('q');
    expect(terminal.lines.at(-1)).toBe('Still measuring. q again stops (--resume goes on); any other key stays.');
    await press('q');
    expect(interrupts).toHaveLength(1);
    expect(terminal.lines[0]).toContain('stopping');
    expect(terminal.lines.at(-1)).toContain('Ctrl-C again leaves at once');
    await press('\u0003');
    expect(interrupts).toHaveLength(2);
  });

  it('asks no more once the run is done', async () => {
    const { terminal, screen, press } = open(80, 24);
    await settle(terminal);
    streams(screen);
    await press('q');
    screen.event(FINISHED);
    await press('3');
    expect(terminal.lines[3]).toContain('[3 Images 4]');
    expect(terminal.lines.at(-1)).toContain('q quit');
  });

  it('sleeps at Ctrl-Z, even while words are typed, and comes back as it was', async () => {
    const { terminal, keys, screen, suspended, press } = open(80, 24);
    await settle(terminal);
    streams(screen);
    await press('3');
    await press('/');
    await press('te\u001a');
    expect(suspended).toHaveLength(1);
    screen.pause();
    expect(terminal).toMatchObject({ alternate: false, cursorShown: true, wraps: true });
    expect(keys.raw).toBe(false);
    const written = terminal.written.length;
    screen.event(PROGRESS);
    terminal.resize(90, 20);
    await wait(700);
    expect(terminal.written.length).toBe(written);
    screen.resume();
    expect(terminal).toMatchObject({ alternate: true, cursorShown: false, wraps: false });
    expect(keys.raw).toBe(true);
    expect(terminal.lines[3]).toContain('[3 Images 4]');
    expect(terminal.lines.at(-1)).toMatch(/^\/te_ 2 found/);
  });

  it('gives the terminal and the keys back', async () => {
    const { terminal, keys, screen } = open(80, 24);
    await settle(terminal);
    expect(keys.raw).toBe(true);
    screen.close();
    expect(terminal).toMatchObject({ alternate: false, cursorShown: true, wraps: true });
    expect(keys.raw).toBe(false);
    expect(terminal.listenerCount('resize')).toBe(0);
  });

  it('says why where a view fails, in place of ending the run', async () => {
    const { terminal, screen, press } = open(80, 24);
    await settle(terminal);
    streams(screen);
    terminal.columns = Number.NaN;
    Object.defineProperty(terminal, 'rows', {
      get() {
        throw new Error('no such terminal');
      },
    });
    await press('2');
    expect(await screen.quit).toMatchObject({ message: 'no such terminal' });
  });
});
