import { describe, expect, it } from 'vitest';
import { readCounts } from '../../../src/pipeline/conventions/count-table.js';
import { judgePairs, possibility } from '../../../src/pipeline/conventions/possibility.js';
import { parseReported } from '../../../src/pipeline/conventions/reported.js';
import { createRandom } from '../../../src/pipeline/random.js';
import { CONVENTIONS } from '../../../src/pipeline/summary.js';
import { oracleScores } from '../metrics/oracle.js';
import { binaryRecord, recordOf, specsOf } from '../metrics/records.js';
import { randomImages } from './made-run.js';

const CLASSES = specsOf(['background', 'lung', 'covid']);
const figure = (text: string) => parseReported(text, CLASSES);
const random = createRandom('possibility');

describe('what a figure could be', () => {
  it('holds for any choice of the images in any batches', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const images = randomImages(seed, 30).filter(({ truth, predicted }) => truth !== null && predicted !== null);
      const table = readCounts(
        images.map((image) => recordOf(image, 3)),
        3,
      );
      for (const measure of ['iou', 'dice'] as const) {
        const ofClass = possibility(figure(`covid.${measure}=0.5`), table, CLASSES).reach;
        const ofMean = possibility(figure(`mean.${measure}=0.5`), table, CLASSES).reach;
        for (let draw = 0; draw < 40; draw++) {
          const some = random.shuffle(images.filter(() => random.chance(0.3)));
          const scores = [0, 1, 2].map((c) => oracleScores(some, c, measure, random.integer(1, 9)));
          for (const convention of CONVENTIONS) {
            const inside = (value: number, ends: [number, number] | undefined) => {
              if (Number.isNaN(value)) return;
              expect(value).toBeGreaterThanOrEqual(ends![0] - 1e-12);
              expect(value).toBeLessThanOrEqual(ends![1] + 1e-12);
            };
            inside(scores[2][convention], ofClass[convention]);
            const defined = scores.map((of) => of[convention]).filter((x) => !Number.isNaN(x));
            inside(defined.reduce((sum, x) => sum + x, 0) / defined.length, ofMean[convention]);
          }
        }
      }
    }
  });

  it('by hand: 1 is out of reach of all but the smoothed conventions, by the empty images', () => {
    const images = [binaryRecord(2, 3, 8, 2, 0, 50), binaryRecord(2, 3, 0, 0, 9, 50), binaryRecord(2, 3, 0, 0, 0, 50)];
    const { reach, impossibleBy, flawless } = possibility(figure('covid.iou=1.000'), readCounts(images, 3), CLASSES);
    expect(reach.pooled).toEqual([0, 0.8]);
    expect(reach.absentAsZero).toEqual([0, 0.8]);
    expect(reach.imageMeanSmoothed![1]).toBe(1);
    expect(impossibleBy).toEqual(['pooled', 'imageMean', 'imageMeanTruth', 'absentAsZero']);
    expect(flawless).toEqual({ empty: 1, exact: 0, images: 3, wrong: 2 });
  });
});

describe('a reported IoU and a reported Dice', () => {
  const kind = (iou: string, dice: string, of = 'covid') =>
    judgePairs([figure(`${of}.iou=${iou}`), figure(`${of}.dice=${dice}`)]).map((pair) => pair.kind);
  it('by hand: 83.05 with 88.21 (Tahir et al. 2021) are means, 90.74 would be pooled', () => {
    expect(kind('83.05%', '88.21%')).toEqual(['averaged']);
    expect(kind('83.05%', '90.74%')).toEqual(['pooled']);
    expect(kind('83.05%', '91%', 'mean')).toEqual(['pooled']);
    expect(kind('83.05%', '92.0%')).toEqual(['contradictory']);
    expect(kind('83.05%', '82.0%')).toEqual(['contradictory']);
    expect(judgePairs([figure('covid.iou=0.5'), figure('lung.dice=0.5')])).toEqual([]);
  });
  it('of the same images and convention never contradict each other; pooled ones always go together', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const images = randomImages(seed, 25).filter(({ truth, predicted }) => truth !== null && predicted !== null);
      const iou = oracleScores(images, 2, 'iou', 4);
      const dice = oracleScores(images, 2, 'dice', 4);
      for (const convention of CONVENTIONS) {
        const found = kind(iou[convention].toFixed(5), dice[convention].toFixed(5));
        if (convention === 'pooled') expect(found).toEqual(['pooled']);
        else expect(found).not.toEqual(['contradictory']);
      }
    }
  });
});
