import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderNames, foldersBelow, pictureNames } from '../../../src/pipeline/dataset/folders.js';
import { openDataset } from '../../../src/pipeline/dataset/open.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'maskaudit-folders-'));
});
afterEach(() => rmSync(root, { recursive: true }));
const make = (...folders: string[]) => {
  for (const folder of folders) mkdirSync(path.join(root, folder), { recursive: true });
};
/** No file system takes such a name: reading it fails, whoever asks. */
const REFUSED = 'x'.repeat(300);

describe('names', () => {
  it('are none where there is no such folder', () => {
    writeFileSync(path.join(root, 'file'), '');
    for (const folder of ['gone', 'file']) {
      expect(folderNames(root, folder)).toEqual([]);
      expect(pictureNames(root, folder)).toEqual([]);
    }
  });
  it('are not taken for none where the folder cannot be read', () => {
    expect(() => pictureNames(root, REFUSED)).toThrow("can't look into");
    expect(() => folderNames(root, REFUSED)).toThrow("can't look into");
  });
  it('count a link to a folder as one, and no other link', () => {
    make('there');
    writeFileSync(path.join(root, 'file'), '');
    for (const [name, to] of Object.entries({ linked: 'there', picture: 'file', broken: 'gone', self: 'self' })) {
      symlinkSync(to, path.join(root, name));
    }
    expect(folderNames(root, '')).toEqual(['linked', 'there']);
  });
});

describe('foldersBelow', () => {
  const below = (walk: Partial<Parameters<typeof foldersBelow>[1]> = {}) =>
    foldersBelow(root, { deepest: 5, isForeign: () => false, ...walk });

  it('gives each before those inside it, as deep as is said', () => {
    make('b/d', 'a/c/e');
    expect(below()).toEqual(['a', 'a/c', 'a/c/e', 'b', 'b/d']);
    expect(below({ deepest: 2 })).toEqual(['a', 'a/c', 'b', 'b/d']);
    expect(below({ enter: (name) => name !== 'a' })).toEqual(['a', 'b', 'b/d']);
    expect(below({ isForeign: (folder) => folder === path.join(root, 'a') })).toEqual(['b', 'b/d']);
  });
  it('follows links, but not back to where it is or above', () => {
    make('a/b', 'c');
    symlinkSync('../..', path.join(root, 'a/b/root'));
    symlinkSync('..', path.join(root, 'a/b/itself'));
    symlinkSync(tmpdir(), path.join(root, 'c/above'));
    symlinkSync('/', path.join(root, 'c/all'));
    symlinkSync('../a', path.join(root, 'c/other'));
    expect(below()).toEqual(['a', 'a/b', 'c', 'c/other', 'c/other/b']);
  });
});

describe('a split that is closed to the user', () => {
  const open = (config: object) => () =>
    openDataset({ root, layout: 'auto', subset: null, splits: null, config }, () => false);
  const NOBODY = 65534;
  // Root may look into everything: there the test is run as somebody else.
  const isRoot = process.getuid?.() === 0;
  afterEach(() => {
    if (isRoot) process.seteuid?.(0);
    chmodSync(path.join(root, 'val'), 0o700);
  });

  it.each([
    ['covid-qu-ex', 'train/COVID-19/images', {}],
    ['masks', 'train/images', { classes: [{ index: 0, key: 'a', name: 'a', aliases: [] }] }],
  ])('%s: is an error, not an empty one', (_, images, config) => {
    make(images, 'val');
    writeFileSync(path.join(root, images, 'a.png'), '');
    chmodSync(path.join(root, 'val'), 0);
    chmodSync(root, 0o755);
    if (isRoot) process.seteuid?.(NOBODY);
    expect(open(config)).toThrow(`can't look into ${path.join(root, 'val')}: no permission`);
  });
});
