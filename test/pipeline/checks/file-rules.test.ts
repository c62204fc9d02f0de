import { describe, expect, it } from 'vitest';
import { missingMask } from '../../../src/pipeline/checks/d001-missing-mask.js';
import { orphanMask } from '../../../src/pipeline/checks/d002-orphan-mask.js';
import { unreadableFile } from '../../../src/pipeline/checks/d003-unreadable-file.js';
import { sizeMismatch } from '../../../src/pipeline/checks/d004-size-mismatch.js';
import { unexpectedFormat } from '../../../src/pipeline/checks/d005-unexpected-format.js';
import { emptyFolder } from '../../../src/pipeline/checks/d010-empty-folder.js';
import type { FileFacts } from '../../../src/pipeline/facts.js';
import type { Discovery } from '../../../src/pipeline/stages/discover.js';
import { facts, file, labels, mask, sample, xrays } from './given.js';

const NOWHERE: Discovery = {
  layout: 'covid-qu-ex',
  groups: [],
  images: 0,
  orphans: [],
  emptyFolders: [],
  notes: [],
  splits: {},
};

describe('D001 image without mask', () => {
  it('names the image and the mask that was looked for', () => {
    const given = facts({ sample: sample({ missing: ['infection'], unlabelled: true }) });
    expect(missingMask.check(given)).toEqual([
      { rule: 'D001', message: "no infection mask of the image's name; unscored for every class", path: 'image.png' },
    ]);
  });

  it('gives one finding for each missing file', () => {
    const given = facts({ sample: sample({ missing: ['lung', 'infection'], unlabelled: true }) });
    expect([...missingMask.check(given)].map(({ message }) => message.split(' of ')[0])).toEqual([
      'no lung mask',
      'no infection mask',
    ]);
  });

  it('says nothing of the consequence where the label map can be made without it', () => {
    const given = facts({ sample: sample({ missing: ['infection'] }) });
    expect([...missingMask.check(given)][0].message).toBe("no infection mask of the image's name");
  });

  it('is silent where nothing is missing, even where the layout has no such mask', () => {
    expect(missingMask.check(facts({ sample: sample({ infectionPath: null }) }))).toEqual([]);
  });
});

describe('D002 mask without image, D010 empty folder', () => {
  const place = { path: 'Train/COVID-19/lung masks/b.png', split: 'train', source: 'COVID-19' };

  it('names the mask', () => {
    const found = [...orphanMask.check({ ...NOWHERE, orphans: [place] }, xrays())];
    expect(found).toEqual([{ rule: 'D002', message: 'mask without an image of its name', ...place }]);
    expect(orphanMask.check({ ...NOWHERE, emptyFolders: [place] }, xrays())).toEqual([]);
  });

  it('names the folder', () => {
    const found = [...emptyFolder.check({ ...NOWHERE, emptyFolders: [place] }, xrays())];
    expect(found).toEqual([{ rule: 'D010', message: 'no image in this folder', ...place }]);
    expect(emptyFolder.check({ ...NOWHERE, orphans: [place] }, xrays())).toEqual([]);
  });
});

describe('D003 unreadable file', () => {
  it('gives the reason for each such file', () => {
    const lung = file('lung', { state: 'unreadable', fault: 'truncated: IDAT ends after 812 of 1203 bytes' });
    expect(unreadableFile.check(facts({ files: { image: file('image'), lung } }))).toEqual([
      {
        rule: 'D003',
        message: "lung mask can't be read: truncated: IDAT ends after 812 of 1203 bytes",
        path: 'lung.png',
      },
    ]);
  });

  it('names a file that vanished after it was listed, and not one that was never there', () => {
    const files = { lung: file('lung', { state: 'missing', fault: 'it is gone since the folder was listed' }) };
    expect([...unreadableFile.check(facts({ files }))].map(({ message }) => message)).toEqual([
      "lung mask can't be read: it is gone since the folder was listed",
    ]);
    expect(unreadableFile.check(facts({ files, sample: sample({ missing: ['lung'] }) }))).toEqual([]);
  });

  it('leaves predictions to P007 and headers alone', () => {
    const files = { image: file('image'), prediction: file('prediction', { state: 'unreadable', fault: 'no PNG' }) };
    expect(unreadableFile.check(facts({ files }))).toEqual([]);
  });
});

describe('D004 sizes', () => {
  it('compares each mask with the image', () => {
    const files = {
      image: file('image', { width: 512 }),
      lung: file('lung'),
      infection: file('infection', { width: 512 }),
    };
    expect(sizeMismatch.check(facts({ files }))).toEqual([
      { rule: 'D004', message: 'lung mask 100x100, image 512x100', path: 'lung.png', relatedPath: 'image.png' },
    ]);
  });

  it('compares the masks with each other where the image was not opened', () => {
    const files = { lung: file('lung'), infection: file('infection', { height: 99 }) };
    expect(sizeMismatch.check(facts({ files }))).toEqual([
      {
        rule: 'D004',
        message: 'infection mask 100x99, lung mask 100x100',
        path: 'infection.png',
        relatedPath: 'lung.png',
      },
    ]);
  });

  it('is silent about equal sizes, unreadable files and predictions', () => {
    expect(sizeMismatch.check(facts())).toEqual([]);
    const files = { image: file('image'), lung: file('lung', { state: 'unreadable', width: 0, height: 0 }) };
    expect(sizeMismatch.check(facts({ files }))).toEqual([]);
    expect(
      sizeMismatch.check(facts({ files: { image: file('image'), prediction: file('prediction', { width: 50 }) } })),
    ).toEqual([]);
  });
});

describe('D005 format', () => {
  const found = (given: FileFacts, dataset = xrays()) => [
    ...unexpectedFormat.check(facts({ dataset, files: { [given.role]: given } })),
  ];

  it('is information where the values can be read without loss', () => {
    expect(found(file('lung', { channels: 4, alpha: true }))).toEqual([
      {
        rule: 'D005',
        message: 'lung mask is RGBA; its values can be read without loss',
        path: 'lung.png',
        severity: 'info',
      },
    ]);
    expect(found(file('infection', { bitDepth: 1 }))[0]).toMatchObject({
      message: 'infection mask is 1-bit; its values can be read without loss',
      severity: 'info',
    });
  });

  it('is a warning where they cannot, and for every JPEG mask', () => {
    expect(found(file('lung', { bitDepth: 16, channels: 3, lossless: false }))).toEqual([
      { rule: 'D005', message: 'lung mask is 16-bit and RGB', path: 'lung.png', severity: undefined },
    ]);
    expect(found(file('lung', { format: 'jpeg' }))).toEqual([
      { rule: 'D005', message: 'lung mask is a JPEG', path: 'lung.png', severity: undefined },
    ]);
    expect(found(file('lung', { palette: true, lossless: false }))[0].message).toBe('lung mask is palette-coloured');
  });

  it('lets images be JPEG, and of colour only outside of covid-qu-ex', () => {
    const photo = file('image', { format: 'jpeg', channels: 3, lossless: false });
    expect(found(photo)[0]).toMatchObject({ message: 'image is RGB', severity: undefined });
    expect(found(photo, labels(['cell']))).toEqual([]);
    expect(found(file('image', { format: 'jpeg' }))).toEqual([]);
    expect(found({ ...photo, lossless: true })[0]).toMatchObject({ severity: 'info' });
    expect(found(file('image', { bitDepth: 16, lossless: false }), labels(['cell']))[0].message).toBe(
      'image is 16-bit',
    );
    expect(found(file('image', { channels: 2, alpha: true }), labels(['cell']))[0].message).toContain(
      'gray with alpha',
    );
  });

  it('lets label masks have a palette and fewer bits, not alpha, colour or 16 bits', () => {
    const dataset = labels(['cell']);
    expect(found(file('label', { palette: true, bitDepth: 4 }), dataset)).toEqual([]);
    expect(found(file('label', { palette: true, alpha: true }), dataset)[0].message).toContain(
      'partly transparent (tRNS)',
    );
    expect(found(file('label', { channels: 3 }), dataset)[0].message).toContain('label mask is RGB');
    expect(found(file('label', { bitDepth: 16, lossless: false }), dataset)[0].message).toBe('label mask is 16-bit');
  });

  it('is silent about plain and interlaced files and those that were not opened', () => {
    expect(unexpectedFormat.check(facts())).toEqual([]);
    expect(found(file('lung', { interlaced: true }))).toEqual([]);
    expect(found(file('lung', { state: 'unreadable', bitDepth: 16 }))).toEqual([]);
    expect(found(mask('label', { 1: 5 }), labels(['cell']))).toEqual([]);
  });
});
