import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { siteIn } from '../../../src/pipeline/engines/tensorflow/installation.js';
import { metricsOf } from '../../../src/pipeline/training/metrics-table.js';
import { crc32c, openEventFile } from '../../../src/pipeline/training/tensorboard.js';
import { openTensorboard } from '../../../src/pipeline/training/train-files.js';
import { makeFolder, removeFolder } from '../../commands/program.js';
import { INSTALL_MS, installOnce } from '../engines/native.js';
import { madeClass, madeEpoch, madeSplit } from './made-history.js';

type ReadEvent = [time: number, step: number, version: string, session: number, values: [string, number][]];

/** TensorFlow's own reader, which checks every length and sum: a line of JSON for each event of each file that is named. */
const READER = `
import json, sys
import tensorflow as tf
for name in sys.argv[1:]:
    for event in tf.compat.v1.train.summary_iterator(name):
        values = [[v.tag, v.simple_value] for v in event.summary.value]
        print(json.dumps([name, [event.wall_time, event.step, event.file_version, event.session_log.status, values]]))
`;

let folder: string;
/** Events by folder. Python takes long to load TensorFlow on a busy machine: all files are read by one. */
const read = new Map<string, ReadEvent[]>();
const fileIn = (of: string) => path.join(folder, of, readdirSync(path.join(folder, of))[0]);

beforeAll(async () => {
  folder = makeFolder();
  writePlain();
  openEventFile(path.join(folder, 'resumed'), 41, () => 1).close();
  writeEpoch();
  const site = siteIn(await installOnce());
  const folders = ['plain', 'resumed', 'tensorboard/train', 'tensorboard/val'];
  const env = { ...process.env, PYTHONPATH: site, TF_CPP_MIN_LOG_LEVEL: '3' };
  const { stdout } = await promisify(execFile)('python3', ['-c', READER, ...folders.map(fileIn)], { env });
  for (const line of stdout.trim().split('\n')) {
    const [file, event] = JSON.parse(line) as [string, ReadEvent];
    const of = path.relative(folder, path.dirname(file));
    read.set(of, [...(read.get(of) ?? []), event]);
  }
}, INSTALL_MS);
afterAll(() => removeFolder(folder));

function writePlain(): void {
  const file = openEventFile(path.join(folder, 'plain'), null, () => 1_700_000_000.5);
  file.add([
    { tag: 'loss', step: 1, value: 0.25 },
    { tag: 'iou/COVID-19 é', step: 70_000, value: -1.5 },
  ]);
  file.add([{ tag: 'x'.repeat(300), step: 2 ** 40, value: 1e-30 }]);
  file.close();
}

function writeEpoch(): void {
  const board = openTensorboard(folder, metricsOf('segmentation', ['background', 'lung', 'covid']), null);
  board.step(1, 0.75);
  const never = madeClass('covid', null, { smoothed: 1 });
  board.epoch(madeEpoch(1, 0.5, madeSplit([madeClass('lung', 0.25), never])));
  board.close();
}

describe('an event file', () => {
  it('says what TensorFlow reads back', () => {
    expect(path.basename(fileIn('plain'))).toMatch(/^events\.out\.tfevents\.1700000000\./);
    expect(read.get('plain')).toEqual([
      [1_700_000_000.5, 0, 'brain.Event:2', 0, []],
      [1_700_000_000.5, 1, '', 0, [['loss', 0.25]]],
      [1_700_000_000.5, 70_000, '', 0, [['iou/COVID-19 é', -1.5]]],
      [1_700_000_000.5, 2 ** 40, '', 0, [['x'.repeat(300), expect.closeTo(1e-30, 35)]]],
    ]);
  });

  it('of a resumed run voids what earlier files have of later steps', () => {
    // SessionLog.START
    expect(read.get('resumed')?.map(([, step, version, session]) => [step, version, session])).toEqual([
      [0, 'brain.Event:2', 0],
      [41, '', 1],
    ]);
  });

  it('has every step and every defined score, train and validation apart', () => {
    const scalars = (split: string) =>
      Object.fromEntries(
        read
          .get(`tensorboard/${split}`)!
          .flatMap(([, step, , , values]) => values.map(([tag, value]) => [`${tag} ${step}`, value])),
      );
    expect(scalars('train')).toMatchObject({ 'batch_loss 1': 0.75, 'iou/covid 10': 0.5, 'loss 10': 0.5 });
    const val = scalars('val');
    expect(val).toMatchObject({ 'iou/lung 10': 0.25, 'iou_smoothed/covid 10': 1, 'mean_dice 10': 0.25 });
    expect(Object.keys(val)).not.toContain('iou/covid 10');
    expect(Object.keys(val)).not.toContain('batch_loss 1');
  });

  it('is only ever longer', () => {
    const file = openEventFile(path.join(folder, 'grows'), null);
    const before = readFileSync(fileIn('grows')).length;
    file.add([{ tag: 'loss', step: 1, value: 1 }]);
    expect(readFileSync(fileIn('grows')).length).toBeGreaterThan(before);
    file.close();
  });
});

describe('crc32c', () => {
  // RFC 3720, B.4.
  it.each([
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(255), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ])('of the examples of its RFC', (bytes, due) => expect(crc32c(bytes)).toBe(due));
});
