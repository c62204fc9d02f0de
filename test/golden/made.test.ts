import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../commands/program.js';
import { filesUnder } from '../oracle/cli.js';
import { casesOf, FIXTURES } from './golden.js';

it.each(['rules', 'stories'])('%s: every file is what make.mjs writes, and no other is there', (theme) => {
  const folder = makeFolder();
  try {
    const made = spawnSync(process.execPath, [path.join(FIXTURES, theme, 'make.mjs'), folder], { encoding: 'utf8' });
    expect(made.status, made.stderr).toBe(0);
    const due = filesUnder(folder);
    const stored = new Map<string, Buffer>();
    for (const { name, folder: at } of casesOf(theme)) {
      for (const [file, bytes] of filesUnder(at)) stored.set(path.join(name, file), bytes);
    }
    expect([...stored.keys()].sort()).toEqual([...due.keys()].sort());
    expect([...due].filter(([name, bytes]) => !stored.get(name)?.equals(bytes)).map(([name]) => name)).toEqual([]);
  } finally {
    removeFolder(folder);
  }
});

it('weighs less than a megabyte', () => {
  const bytes = ['rules', 'stories'].flatMap((theme) => [...filesUnder(path.join(FIXTURES, theme)).values()]);
  expect(bytes.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(1_000_000);
});

it('shares no line with the program', () => {
  const makers = [...filesUnder(FIXTURES).keys()].filter((name) => name.endsWith('.mjs'));
  expect(makers.length).toBeGreaterThan(10);
  const imports = makers.flatMap((name) => [
    ...readFileSync(path.join(FIXTURES, name), 'utf8').matchAll(/from '([^']+)'/g),
  ]);
  expect(imports.map(([, from]) => from).filter((from) => /\b(src|dist|wasm|test)\//.test(from))).toEqual([]);
});
