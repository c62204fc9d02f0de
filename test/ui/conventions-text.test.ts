import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COVID_QU_EX_CLASSES } from '../../src/pipeline/dataset/classes.js';
import type { ClassSpec } from '../../src/pipeline/dataset/dataset.js';
import { imageLevel } from '../../src/pipeline/dataset/image-level.js';
import { type ConventionsRequest, runConventions } from '../../src/pipeline/run-conventions.js';
import { colours } from '../../src/ui/colours.js';
import { conventionsText } from '../../src/ui/conventions-text.js';
import { displayWidth } from '../../src/ui/display-width.js';
import { writeRun } from '../pipeline/conventions/made-run.js';
import { binaryRecord, datasetOf, record } from '../pipeline/metrics/records.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-conventions-text-'));
  const dataset = { ...datasetOf([]), classes: COVID_QU_EX_CLASSES.infection };
  const splits = ['val', 'val', 'val', 'val', 'test', 'test', 'test', 'test'];
  const images = splits.map((split, i) => ({
    ...(i % 2 === 0 ? binaryRecord(2, 4, 30, 10 + i, 10, 100) : binaryRecord(2, 4, 0, i > 5 ? 5 : 0, 0, 100)),
    image: `i${i}`,
    split,
  }));
  writeRun(path.join(folder, 'run'), dataset, images);

  const classifier = imageLevel(dataset, null);
  const answers = images.map(({ image, split }, i) => {
    const label = i % 2 === 0 ? 1 : 0;
    const confusion = new Array<number>(9).fill(0);
    confusion[3 * label + (i === 6 ? 2 : label)] = 1;
    const truth = [1 - label, label, 0];
    return record({ image, split, truth, confusion, maxProbability: [1 - label, label, 0].map((p) => 0.8 * p + 0.1) });
  });
  writeRun(path.join(folder, 'classifier'), classifier, answers.slice(0, 7), { model: '/m.onnx', predictions: null });

  const hostile: ClassSpec[] = COVID_QU_EX_CLASSES.infection.map((spec) =>
    spec.index === 2 ? { ...spec, key: `\u001b[31m漢字${'x'.repeat(90)}\u202e`, aliases: ['covid'] } : spec,
  );
  const many = Array.from({ length: 30 }, (_, i) => ({ index: i + 4, key: `class-${i}`, name: `C${i}`, aliases: [] }));
  const wide = images.map((of) => ({
    ...of,
    split: of.split === 'test' ? 'te\nst\u001b[2J' : of.split,
    source: '\u202e',
  }));
  writeRun(path.join(folder, 'hostile'), { ...dataset, classes: hostile }, wide);
  const grown = images.map((of) => {
    const confusion = new Array<number>(34 * 34).fill(0);
    of.confusion!.forEach((pixels, i) => {
      confusion[34 * Math.floor(i / 4) + (i % 4)] = pixels;
    });
    return { ...of, confusion, truth: [...of.truth!, ...many.map(() => 0)] };
  });
  writeRun(path.join(folder, 'many'), { ...dataset, classes: [...COVID_QU_EX_CLASSES.infection, ...many] }, grown);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function linesOf(run: string, changes: Partial<ConventionsRequest> = {}, columns = 80, colour = false): string[] {
  const result = runConventions({ run: path.join(folder, run), reported: [], beside: null, ...changes });
  return conventionsText(result, { columns, colours: colours(colour), run, beside: changes.beside ?? null });
}

const section = (lines: string[], head: string) => {
  const from = lines.findIndex((line) => line.startsWith(head));
  const to = lines.slice(from).indexOf('');
  return lines.slice(from, to < 0 ? undefined : from + to);
};

describe('conventionsText', () => {
  it('has every convention of every class and both means, in 80 columns', () => {
    const lines = linesOf('run');
    expect(lines.slice(0, 2)).toEqual([
      'run: 8 of 8 images scored',
      // Of 8 images of 100 pixels, 4 have 10 missed ones and 10, 12, 14 and 16 false ones; the eighth has 5.
      `Pixel accuracy ${((800 - 40 - 52 - 5) / 800).toFixed(4)}; batchSmoothed in batches of 4 images.`,
    ]);
    const iou = section(lines, 'IoU');
    expect(iou[0].split(/ {2,}/)).toEqual(['IoU', 'background', 'lung', 'covid', 'non-covid', 'mean', 'no background']);
    // 4 x 30 tp, fp 10 + 12 + 14 + 16, and 5 in the eighth image; 4 x 10 fn.
    const pooled = 120 / (120 + 52 + 5 + 40);
    expect(iou[1].split(/ {2,}/).slice(3, 5)).toEqual([pooled.toFixed(4), '-']);
    expect(iou.map((line) => line.split(' ')[0])).toEqual([
      'IoU',
      ...['pooled', 'imageMean', 'imageMeanTruth', 'imageMeanSmoothed', 'batchSmoothed', 'absentAsZero'],
    ]);
  });

  it('says what gives a figure, what comes nearest where nothing does, and what could not be', () => {
    const lines = linesOf('run', { reported: ['covid.iou=0.5530', 'covid.iou=1.0000', 'covid.dice=0.99'] });
    expect(lines).toContain('covid.iou=0.5530 (0.55295 to 0.55305 round to it): reproduced');
    const answer = lines.slice(lines.indexOf('Reported'));
    expect(answer[2]).toMatch(/^ {2}pooled +all \(8\) +0\.5530$/);
    expect(answer[3]).toMatch(/^ {2}batchSmoothed +all \(8\) +0\.5530 +in batches of 8 and more$/);
    const text = lines.join(' ');
    expect(text).toContain('covid.iou=1.0000 (0.99995 to 1.00000 round to it): not reproduced by any');
    expect(text).toContain('5 of 8 have one; 3 have the class in neither mask');
    expect(text).toContain('Impossible on any choice of these images');
    expect(text).toContain('contradict each other');
    expect(text).toContain('No one way gives all of them');
  });

  it('tells images by any pixel and by a number of pixels chosen on val, of the split test', () => {
    const told = linesOf('run').slice(linesOf('run').indexOf('Told from presence alone'));
    expect(told[1]).toMatch(/^4 images of the split test\./);
    const covid = section(told, 'covid:');
    expect(covid[0]).toBe('covid: 2 of 4 images have it');
    // The false alarm has 5 pixels; 42 were predicted in the smaller image of val.
    expect(covid[1].trim().split(/ {2,}/)).toEqual(['any pixel', 'from 40 px, best', 'from 40 px, 95 %']);
    expect(covid[3]).toMatch(/^specificity +0\.5000 0\.0945-0\.9055 +1\.0000 0\.3424-1\.0000/);
  });

  it('stands beside a classifier on the images of both', () => {
    const lines = linesOf('run', { beside: path.join(folder, 'classifier') });
    const text = lines.join(' ');
    expect(text).toContain('3 images of the split test scored in both; 1 in this run alone and 0 in the other alone');
    expect(lines).toContain('covid: 2 of 3 images have it');
    expect(text).toMatch(/healthy: 1 of 3 images have it +no pixel of them +beside, its answer/);
    expect(text).toContain('accuracy against any pixel: -0.3333');
    expect(text).toContain('right only here 1, only beside 0');
  });

  it('says of a classifier that its pixels are images', () => {
    expect(linesOf('classifier').slice(1, 3)).toEqual([
      'A classifier: each image counts as one pixel, so IoU and Dice are of images.',
      'Accuracy 0.8571; batchSmoothed in batches of 4 images.',
    ]);
  });

  it.each(['run', 'hostile', 'many', 'classifier'])(
    'of %s stays within 80 columns but for names that are longer',
    (run) => {
      for (const columns of [60, 80, 110]) {
        const lines = linesOf(run, { reported: ['covid.iou=1.0', 'mean.dice=0.31234', 'accuracy=0.9'] }, columns);
        const long = lines.filter((line) => displayWidth(line) > columns && !/x{80}/.test(line));
        expect(long).toEqual([]);
      }
    },
  );

  it('lets nothing of a name through to the terminal', () => {
    const lines = linesOf('hostile', { reported: ['covid.iou=0.5'], beside: path.join(folder, 'run') });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
    expect(lines.filter((line) => /[\u0000-\u001f\u202e]/.test(line))).toEqual([]);
    expect(lines.join('\n')).toContain('te\\nst\\x1b[2J');
  });

  it('colours heads and failures alone, and the words are the same', () => {
    const plain = linesOf('run', { reported: ['covid.iou=0.9999'] });
    const coloured = linesOf('run', { reported: ['covid.iou=0.9999'] }, 80, true);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it takes the colours off
    expect(coloured.map((line) => line.replace(/\u001b\[\d+m/g, ''))).toEqual(plain);
    expect(coloured.filter((line) => line.includes('\u001b[31m')).length).toBeGreaterThan(0);
  });
});
