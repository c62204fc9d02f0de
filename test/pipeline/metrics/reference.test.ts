import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { imageOverlap } from '../../../src/pipeline/metrics/image-overlap.js';
import { startScores } from '../../../src/pipeline/metrics/score-tally.js';
import type { Convention } from '../../../src/pipeline/summary.js';
import { confusionOf } from './records.js';

interface Figure {
  library: string;
  version: string;
  call: string;
  measure: 'iou' | 'dice';
  convention: Convention;
  /** As the library gave them, NaN being null. */
  classes: (number | null)[];
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/reference/${name}`, import.meta.url), 'utf8'));
const masks: { classes: number; batch: number; images: Record<'truth' | 'predicted', string[]>[] } = read('masks.json');
const figures: Figure[] = read('figures.json');

const labels = (rows: string[]) => [...rows.join('')].map(Number);
const tallies = Array.from({ length: masks.classes }, (_, c) => {
  const tally = startScores(masks.batch);
  for (const { truth, predicted } of masks.images) {
    tally.add(imageOverlap(confusionOf(labels(truth), labels(predicted), masks.classes), c));
  }
  return tally.scores();
});

/**
 * How far a figure may be off: rounding of 32-bit libraries, and no smoothing where medpy and smp put 1 in its place.
 */
function tolerance({ library, call, convention }: Figure): number {
  if (convention === 'imageMeanSmoothed' && /medpy|pytorch/.test(library)) return 1e-5;
  const single = /torchmetrics|monai|pytorch/.test(library) || call.includes('float32');
  return single ? 2e-7 : 1e-9;
}

/**
 * What libraries say of the class that is in no mask, where it is undefined here: NaN, torchmetrics -1 or 0, MONAI 0.
 */
const UNDEFINED_THERE = [null, -1, 0];

describe('the conventions give what the reference libraries give on the same masks', () => {
  it('with all the libraries there', () => {
    expect([...new Set(figures.map(({ library, version }) => `${library} ${version}`))]).toEqual([
      'medpy 0.4.0',
      'medpy 0.5.2',
      'monai 1.6.1',
      'nnunetv2 2.8.1',
      'segmentation_models 1.0.1 (TensorFlow 2.15.1)',
      'segmentation_models_pytorch 0.6.0',
      'torchmetrics 1.5.2',
      'torchmetrics 1.9.0',
    ]);
  });
  it.each(figures.map((figure) => ({ ...figure, figure })))(
    '$convention $measure: $library $version $call',
    ({ figure }) => {
      expect(figure.classes).toHaveLength(masks.classes);
      figure.classes.forEach((theirs, c) => {
        const ours = tallies[c][figure.measure][figure.convention];
        if (ours === null) expect(UNDEFINED_THERE).toContain(theirs);
        else expect(Math.abs(ours - theirs!)).toBeLessThanOrEqual(tolerance(figure));
      });
    },
  );
});
