import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/ui/display-width.js';
import { bar, percent, progressLine } from '../../src/ui/progress-line.js';
import { rateWindow } from '../../src/ui/rate-window.js';
import { madeProgress } from './made-events.js';

const full = madeProgress({
  done: 2622,
  total: 5826,
  scored: 2610,
  unscored: 10,
  unreadable: 2,
  findings: { error: 41, warning: 3, info: 1 },
});
const pace = { perSecond: 412, leftMs: 7776 };

describe('progressLine', () => {
  it('says all there is where there is room', () => {
    expect(progressLine(full, pace, { columns: 150, unicode: false })).toBe(
      ' 45 % [############----------------]  2,622/5,826  412 images/s  7.8 s left  ' +
        '41 errors, 3 warnings  2,610 scored, 10 unscored, 2 unreadable',
    );
  });

  it('keeps what matters most in 80 columns', () => {
    expect(progressLine(full, pace, { columns: 80, unicode: true })).toBe(
      ' 45 % ████░░░░░░░  2,622/5,826  412 images/s  7.8 s left  41 errors, 3 warnings',
    );
    expect(progressLine(full, pace, { columns: 40, unicode: true })).toBe(' 45 % █████████░░░░░░░░░░░  2,622/5,826');
  });

  it('is never as wide as the terminal, whatever its width', () => {
    for (let columns = 1; columns <= 200; columns++) {
      for (const unicode of [true, false]) {
        expect(displayWidth(progressLine(full, pace, { columns, unicode }))).toBeLessThan(Math.max(columns, 1));
      }
    }
  });

  it('shows neither rate nor time left before they are known', () => {
    const line = progressLine(
      madeProgress({ done: 1 }),
      { perSecond: null, leftMs: null },
      { columns: 80, unicode: false },
    );
    expect(line).toBe('  0 % [----------------------------]  1/1,000  1 scored');
  });
});

it('100 percent only when all are done', () => {
  expect(percent(madeProgress({ done: 999, total: 1000 }))).toBe(99);
  expect(percent(madeProgress({ done: 9999, total: 10_000 }))).toBe(99);
  expect(percent(madeProgress({ done: 1000, total: 1000 }))).toBe(100);
  expect(percent(madeProgress({ total: 0 }))).toBe(100);
});

it('a bar is as wide as told and full only at the end', () => {
  expect(bar(0, 10, false)).toBe('[--------]');
  expect(bar(0.999, 10, false)).toBe('[#######-]');
  expect(bar(1, 10, false)).toBe('[########]');
  expect(bar(0.5, 4, true)).toBe('██░░');
});

describe('rateWindow', () => {
  it('knows nothing in the first half second', () => {
    const rate = rateWindow();
    expect(rate(madeProgress({ done: 5, elapsedMs: 300 }))).toEqual({ perSecond: null, leftMs: null });
  });

  it('is of the window, not of the whole run', () => {
    const rate = rateWindow(5000);
    // 10 s at 10 images/s, then 10 s at 100 images/s
    for (let ms = 0; ms <= 10_000; ms += 100) rate(madeProgress({ done: ms / 100, total: 2000, elapsedMs: ms }));
    let last = { perSecond: null as number | null, leftMs: null as number | null };
    for (let ms = 100; ms <= 10_000; ms += 100) {
      last = rate(madeProgress({ done: 100 + ms / 10, total: 2000, elapsedMs: 10_000 + ms }));
    }
    expect(last.perSecond).toBeCloseTo(100, 6);
    expect(last.leftMs).toBeCloseTo(9000, 6); // 900 images left
  });

  it('does not count what a resumed run took from its journal', () => {
    const rate = rateWindow();
    const pace = rate(madeProgress({ done: 600, measured: 100, total: 1000, elapsedMs: 1000 }));
    expect(pace).toEqual({ perSecond: 100, leftMs: 4000 });
  });
});
