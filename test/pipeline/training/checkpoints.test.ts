import type fs from 'node:fs';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UsageError, WorkError } from '../../../src/pipeline/errors.js';
import {
  BEGINNING,
  checkpointPath,
  readCheckpoint,
  saveCheckpoint,
  writeCheckpoint,
} from '../../../src/pipeline/training/checkpoints.js';
import { readTensors, writeTensors } from '../../../src/pipeline/training/safetensors.js';
import { makeFolder, removeFolder } from '../../commands/program.js';

/** What the disk does when it is written to. */
const disk = vi.hoisted(() => ({ room: Number.POSITIVE_INFINITY }));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  const writeSync = (descriptor: number, bytes: Uint8Array, at = 0) => {
    if (bytes.length - at > disk.room) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
    disk.room -= bytes.length - at;
    return real.writeSync(descriptor, bytes, at);
  };
  return { ...real, default: real, writeSync };
});

let folder: string;
let file: string;
beforeEach(() => {
  disk.room = Number.POSITIVE_INFINITY;
  folder = makeFolder();
  file = path.join(folder, 'checkpoints', 'last.safetensors');
});
afterEach(() => removeFolder(folder));

const state = (first: number) => [
  { name: 'conv/kernel', shape: [2, 3], values: Float32Array.from([first, 1.5, -0, 1e-38, 3.4e38, 7]) },
  { name: 'optimizer/step', shape: [], values: Float32Array.of(12) },
];
const progress = (step: number) => ({
  ...BEGINNING,
  ...{ step, stepInEpoch: 3, seconds: 1.25 },
  tally: { lossSum: 0.1 + 0.2, images: 2, confusions: Uint32Array.from([4_000_000_000, 1, 2, 3, 5, 6, 7, 8]) },
});
const identity = { batch: 8, network: { height: 64, width: 64 } };

describe('a checkpoint', () => {
  it('is read as it was written, to the last bit', () => {
    writeCheckpoint(file, { progress: progress(15), state: state(0.1) }, identity);
    expect(readCheckpoint(file, identity)).toEqual({ progress: progress(15), state: state(0.1) });
    expect(readdirSync(path.dirname(file))).toEqual(['last.safetensors']);
  });

  it('of another call is refused, with what differs', () => {
    writeCheckpoint(file, { progress: progress(15), state: state(1) }, identity);
    const now = { ...identity, network: { height: 64, width: 32 } };
    expect(() => readCheckpoint(file, now)).toThrow(UsageError);
    expect(() => readCheckpoint(file, now)).toThrow(/network was .*"width":64.*, now .*"width":32/);
    expect(readCheckpoint(file, null).state).toEqual(state(1));
  });

  it.each<[string, (file: string) => void]>([
    ['cut', (name) => truncateSync(name, readFileSync(name).length - 5)],
    ['cut in its header', (name) => truncateSync(name, 40)],
    ['empty', (name) => writeFileSync(name, '')],
    ['something else', (name) => writeFileSync(name, 'PK\x03\x04 something else')],
  ])('that is %s is named, and no crash', (_, spoil) => {
    writeCheckpoint(file, { progress: progress(15), state: state(1) }, identity);
    spoil(file);
    expect(() => readCheckpoint(file, identity)).toThrow(UsageError);
    expect(() => readCheckpoint(file, identity)).toThrow(file);
  });

  it.each([0, 8, 60, -1])('that the disk has no room for (%i bytes of it) leaves the former one', (bytes) => {
    writeCheckpoint(file, { progress: progress(15), state: state(1) }, identity);
    const room = bytes < 0 ? readFileSync(file).length + bytes : bytes;
    disk.room = room;
    const write = () => writeCheckpoint(file, { progress: progress(16), state: state(2) }, identity);
    expect(write).toThrow(WorkError);
    disk.room = room;
    expect(write).toThrow(`can't write ${file}: the disk is full; free some room and go on with --resume`);
    expect(readCheckpoint(file, identity)).toEqual({ progress: progress(15), state: state(1) });
    expect(existsSync(`${file}.part`)).toBe(false);
  });
});

describe('saveCheckpoint', () => {
  const save = (step: number, best: boolean) =>
    saveCheckpoint(folder, { progress: progress(step), state: state(step) }, identity, best);
  const stepOf = (kind: 'best' | 'last') => readCheckpoint(checkpointPath(folder, kind), identity).progress.step;

  it('keeps the best apart from the last, though one file may serve both', () => {
    expect(save(1, true)).toEqual(['best', 'last']);
    expect([stepOf('best'), stepOf('last')]).toEqual([1, 1]);
    expect(save(2, false)).toEqual(['last']);
    expect([stepOf('best'), stepOf('last')]).toEqual([1, 2]);
    save(3, true);
    save(4, true);
    expect([stepOf('best'), stepOf('last')]).toEqual([4, 4]);
    save(5, false);
    expect([stepOf('best'), stepOf('last')]).toEqual([4, 5]);
    expect(readdirSync(path.dirname(file)).sort()).toEqual(['best.safetensors', 'last.safetensors']);
  });

  it('on a full disk leaves both as they were', () => {
    save(1, true);
    disk.room = 100;
    expect(() => save(2, true)).toThrow('the disk is full');
    expect([stepOf('best'), stepOf('last')]).toEqual([1, 1]);
  });
});

describe('writeTensors', () => {
  it('writes what the format says: header length, header, data without gaps', () => {
    const tensors = [
      { name: 'a', shape: [2], values: Float32Array.from([1, 2]) },
      { name: 'b', shape: [1, 1], values: Uint32Array.of(3) },
    ];
    writeTensors(file, tensors, { by: 'test' });
    const bytes = readFileSync(file);
    const length = Number(bytes.readBigUInt64LE());
    expect(length % 8).toBe(0);
    expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
      __metadata__: { by: 'test' },
      a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] },
      b: { dtype: 'U32', shape: [1, 1], data_offsets: [8, 12] },
    });
    expect([bytes.readFloatLE(8 + length), bytes.readUInt32LE(16 + length), bytes.length]).toEqual([1, 3, 20 + length]);
    expect(readTensors(file)).toEqual({ tensors, metadata: { by: 'test' } });
  });
});
