import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimFolder, foreignFolders } from '../../../src/pipeline/sinks/run-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-claim-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const lock = () => path.join(folder, '.maskaudit.lock');
/** No process has this number: Linux stops at 2 ** 22. */
const NOBODY = String(2 ** 30);

it('a folder is claimed once, until it is released', () => {
  writeFileSync(lock(), String(process.ppid));
  expect(() => claimFolder(folder)).toThrow(`another run (process ${process.ppid}) writes into ${folder}`);
  writeFileSync(lock(), NOBODY);
  const { release } = claimFolder(folder);
  release();
  expect(existsSync(lock())).toBe(false);
});

it('a lock without a number is one that is being made, unless it is old', () => {
  writeFileSync(lock(), '');
  expect(() => claimFolder(folder)).toThrow('another run (just starting)');
  utimesSync(lock(), 1, 1);
  claimFolder(folder).release();
});

it('what a run wrote, finished or not, and the predictions are no part of a dataset', () => {
  const isForeign = foreignFolders('/data/predictions');
  expect(isForeign('/data/predictions')).toBe(true);
  for (const name of ['journal.ndjson', 'journal.ndjson.part']) {
    expect(isForeign(folder)).toBe(false);
    writeFileSync(path.join(folder, name), '');
    expect(isForeign(folder)).toBe(true);
    rmSync(path.join(folder, name));
  }
});
