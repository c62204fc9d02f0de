import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reserveRunFolder, timeName } from '../../src/commands/run-folder.js';

it('names the local time to the second, sortable', () => {
  expect(timeName(new Date(2026, 0, 2, 3, 4, 5))).toBe('2026-01-02T03-04-05');
  expect(timeName(new Date(2026, 10, 24, 23, 59, 59))).toBe('2026-11-24T23-59-59');
});

describe('reserveRunFolder', () => {
  const now = new Date(2026, 0, 2, 3, 4, 5);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-runs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const at = (name: string) => path.join(folder, 'runs', name);

  it('gives each of several runs in the same second its own', () => {
    const names = [1, 2, 3].map(() => reserveRunFolder('audit', folder, now).path);
    expect(names).toEqual(['', '-2', '-3'].map((end) => at(`audit-2026-01-02T03-04-05${end}`)));
    expect(names.every((name) => existsSync(name))).toBe(true);
  });
  it('leaves nothing behind where nothing was written', () => {
    reserveRunFolder('stats', folder, now).release();
    expect(existsSync(path.join(folder, 'runs'))).toBe(false);
  });
  it('leaves what was written, and other runs', () => {
    mkdirSync(at('other'), { recursive: true });
    const empty = reserveRunFolder('stats', folder, now);
    const full = reserveRunFolder('stats', folder, now);
    writeFileSync(path.join(full.path, 'summary.json'), '');
    for (const { release } of [empty, full]) release();
    expect([empty.path, full.path, at('other')].map((name) => existsSync(name))).toEqual([false, true, true]);
  });
  it('leaves the complaint about a place that cannot be written to the run', () => {
    writeFileSync(path.join(folder, 'runs'), 'a file');
    expect(reserveRunFolder('audit', folder, now).path).toBe(at('audit-2026-01-02T03-04-05'));
  });
});
