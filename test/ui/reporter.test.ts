import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/pipeline/events.js';
import { chooseReporter, type Format, type ReporterOptions } from '../../src/ui/reporter.js';
import { FakeStream, screenOf } from './fake-stream.js';
import { progressEvent } from './made-events.js';
import { ENGINE, madeClass, madeOptions, madeResult, madeSummary } from './made-summaries.js';

const summary = madeSummary({
  images: 3,
  classes: [
    madeClass({ index: 0, key: 'background' }),
    madeClass({ index: 1, key: 'covid', outcomes: { hit: 3 }, iou: { pooled: 0.75 } }),
  ],
});
const { request, classes, titles, cwd } = madeOptions();
const summaryJson = `${JSON.stringify(summary, null, 2)}\n`;
const facts = { request, classes, titles, cwd, summaryJson };

function setUp(given: Partial<ReporterOptions> & { tty?: boolean; columns?: number; format?: Format } = {}) {
  const stdout = new FakeStream({ isTTY: given.tty, columns: given.columns });
  const stderr = new FakeStream({ isTTY: given.tty, columns: given.columns });
  let ms = 0;
  const reporter = chooseReporter({
    format: 'text',
    quiet: false,
    env: { LANG: 'C' },
    ...given,
    stdout: stdout.asOutput(),
    stderr: stderr.asOutput(),
    now: () => ms,
  });
  const at = (time: number, event: RunEvent) => {
    ms = time;
    reporter.event(event);
  };
  return { reporter, stdout, stderr, at };
}

const discovered: RunEvent = {
  type: 'discovered',
  dataset: '/home/ada/covid-qu-ex',
  layout: 'covid-qu-ex',
  subset: 'infection',
  images: 1000,
  splits: { train: 800, test: 200 },
  notes: ['a lung subset lies beside it\u001b[2J'],
};
const engine: RunEvent = {
  type: 'engine',
  info: { ...ENGINE, notes: ['NCHW from the graph'] },
  skipped: ['tensorflow: not installed'],
};
const finding: RunEvent = {
  type: 'finding',
  finding: {
    rule: 'P001',
    severity: 'error',
    class: 'covid',
    value: 0.1,
    message: 'nothing predicted \u009b31m',
    path: '',
    relatedPath: '',
    image: 'a',
    split: '',
    source: '',
  },
};
const finished: RunEvent = { type: 'finished', summary, folder: '/home/ada/runs/audit-1', interrupted: false };

describe('on a terminal', () => {
  it('draws a line over and over, at most 10 times a second, and takes it away', async () => {
    const { reporter, stderr, at } = setUp({ tty: true, columns: 80 });
    at(0, discovered);
    for (let ms = 0; ms <= 2000; ms += 10) at(ms, progressEvent({ done: ms / 10, elapsedMs: ms }));
    expect(stderr.chunks.filter((chunk) => chunk.startsWith('\r'))).toHaveLength(21);
    expect(screenOf(stderr.text).at(-1)).toMatch(/^ 20 % \[#+-+\] {2}200\/1,000 {2}100 images\/s {2}8\.0 s left/);
    at(2000, { type: 'finishing' });
    at(2000, finished);
    reporter.result(madeResult(summary), facts);
    await reporter.close();
    expect(screenOf(stderr.text)).toEqual([
      'covid-qu-ex, infection subset: 1,000 images (train 800, test 200)',
      'note: a lung subset lies beside it\\x1b[2J',
      '',
    ]);
  });

  it('follows the width of the window', () => {
    const { stderr, at } = setUp({ tty: true, columns: 100 });
    at(0, progressEvent({ done: 10, elapsedMs: 1000 }));
    stderr.columns = 30;
    at(200, progressEvent({ done: 20, elapsedMs: 1200 }));
    expect(screenOf(stderr.text)[0].length).toBeLessThan(30);
  });

  it('keeps remarks above the line', () => {
    const { stderr, at } = setUp({ tty: true, columns: 60 });
    at(0, progressEvent({ done: 10, elapsedMs: 1000 }));
    at(10, { type: 'note', message: 'batch halved to 4' });
    expect(screenOf(stderr.text)[0]).toBe('note: batch halved to 4');
    expect(screenOf(stderr.text)[1]).toContain('10/1,000');
  });

  it('colours the result, which stays on stdout alone', async () => {
    const { reporter, stdout, stderr } = setUp({ tty: true, columns: 80 });
    reporter.result(madeResult(summary), facts);
    await reporter.close();
    expect(stdout.text).toContain('\u001b[1mcovid: IoU 0.7500 pooled');
    expect(stderr.text).toBe('');
  });

  it('CI and a dumb terminal get no line that is drawn over', () => {
    for (const env of [{ CI: '1' }, { TERM: 'dumb' }]) {
      const { stderr, at } = setUp({ tty: true, columns: 80, env });
      at(0, progressEvent({ done: 100, elapsedMs: 1000 }));
      expect(stderr.text).toBe('100/1,000 images (10 %), 100 images/s, 9.0 s left, 100 scored\n');
    }
  });
});

describe('in a pipe', () => {
  it('the first result at once, then each 10 % at least 2 s apart, then the last', () => {
    const { stderr, at } = setUp();
    // 1,000 images in 10 s: 10 % each second, so 2 s are the limit
    for (let done = 1; done <= 1000; done++) at(done * 10, progressEvent({ done, elapsedMs: done * 10 }));
    const shown = stderr.text.split('\n').map((line) => line.match(/^[\d,]+/)?.[0]);
    expect(shown).toEqual(['1', '201', '401', '601', '801', '1,000', undefined]);
    expect(stderr.text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('a slow run is not silent for more than half a minute', () => {
    const { stderr, at } = setUp();
    for (let done = 1; done <= 12; done++) at(done * 10_000, progressEvent({ done, elapsedMs: done * 10_000 }));
    expect(stderr.text.split('\n').map((line) => line.split(' ')[0])).toEqual([
      '1/1,000',
      '4/1,000',
      '7/1,000',
      '10/1,000',
      '',
    ]);
  });

  it('annotations alone are not called unscored', () => {
    const { stderr, at } = setUp({ scores: false });
    at(0, progressEvent({ done: 100, scored: 0, unscored: 98, unreadable: 2, elapsedMs: 1000 }));
    expect(stderr.text).toBe('100/1,000 images (10 %), 100 images/s, 9.0 s left, 2 unreadable\n');
  });

  it('names the engine, what it passed over, and what was resumed', () => {
    const { stderr, at } = setUp();
    at(0, engine);
    at(0, { type: 'resumed', images: 1 });
    expect(stderr.text).toBe(
      'onnx 1.30.0 on cpu: unet.onnx, input 256x256, batch 8 (NCHW from the graph)\n' +
        'note: tensorflow: not installed\n' +
        'resumed: 1 image taken from the interrupted run\n',
    );
  });
});

describe('formats', () => {
  it('json prints summary.json itself and nothing else', async () => {
    const { reporter, stdout, at } = setUp({ format: 'json' });
    at(0, discovered);
    at(0, finding);
    at(0, finished);
    reporter.result(madeResult(summary), facts);
    await reporter.close();
    expect(stdout.text).toBe(summaryJson);
  });

  it('ndjson prints an event a line, as it is, harmless on a terminal', async () => {
    const { reporter, stdout, at } = setUp({ format: 'ndjson' });
    const events = [discovered, engine, progressEvent({ done: 1 }), finding, { type: 'finishing' } as const, finished];
    for (const event of events) at(0, event);
    reporter.result(madeResult(summary), facts);
    await reporter.close();
    const lines = stdout.text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(events)));
    expect(stdout.text.replaceAll('\n', '')).toMatch(/^[\x20-\x7e]*$/);
  });

  it('text says engine, images and time as the events told them', () => {
    const { reporter, stdout, at } = setUp();
    at(0, discovered);
    at(0, engine);
    at(0, progressEvent({ done: 3, elapsedMs: 3000 }));
    reporter.result(madeResult(summary, { interrupted: true }), facts);
    expect(stdout.text).toContain('Interrupted after 3 of 1,000 images');
    expect(stdout.text).toContain('3 images scored; no findings; onnx 1.30.0 on cpu, unet.onnx, 3.0 s\n');
  });

  it('quiet leaves only what was asked for by name', async () => {
    for (const [format, expected] of [
      ['text', ''],
      ['json', summaryJson],
    ] as const) {
      const { reporter, stdout, stderr, at } = setUp({ format, quiet: true, tty: false });
      for (const event of [discovered, engine, progressEvent({ done: 500 }), finding, finished]) at(0, event);
      reporter.result(madeResult(summary), facts);
      await reporter.close();
      expect([stdout.text, stderr.text]).toEqual([expected, '']);
    }
  });
});

describe('streams that fail', () => {
  it('a closed pipe ends the output, not the run, and is told once', async () => {
    let told = 0;
    const { reporter, stdout, at } = setUp({ format: 'ndjson', pipeClosed: () => told++ });
    at(0, discovered);
    stdout.failure = 'EPIPE';
    at(0, finding);
    await new Promise((resolve) => setImmediate(resolve));
    stdout.failure = null;
    at(0, finding);
    await expect(reporter.close()).resolves.toBeUndefined();
    expect(stdout.chunks).toHaveLength(1);
    expect(told).toBe(1);
  });

  it('a full disk behind stdout is a failure of the work', async () => {
    const { reporter, stdout } = setUp({ format: 'json' });
    stdout.failure = 'ENOSPC';
    reporter.result(madeResult(summary), facts);
    await expect(reporter.close()).rejects.toThrow('cannot write to stdout: write ENOSPC');
  });

  it('stderr may fail as it likes', async () => {
    const { reporter, stderr, at } = setUp();
    stderr.failure = 'EIO';
    at(0, discovered);
    await expect(reporter.close()).resolves.toBeUndefined();
  });
});
