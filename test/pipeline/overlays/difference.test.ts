import { describe, expect, it } from 'vitest';
import { classOutcome, differenceMap } from '../../../src/pipeline/overlays/difference.js';
import { DIFFERENCES } from '../../../src/pipeline/overlays/palette.js';

describe('differenceMap', () => {
  //                 both background, hit, missed, false alarm, lung for covid, non-covid for covid, hit out of focus
  const truth = Uint8Array.of(0, 2, 2, 0, 2, 2, 1);
  const predicted = Uint8Array.of(0, 2, 0, 2, 1, 3, 1);
  const names = (focus: number[]) =>
    [...differenceMap(truth, predicted, focus, 4)].map((v) => (v ? DIFFERENCES[v - 1] : ''));

  it('is about the classes in focus alone', () => {
    expect(names([2])).toEqual(['', 'hit', 'missed', 'false alarm', 'missed', 'missed', '']);
    expect(names([])).toEqual(['', '', '', '', '', '', '']);
  });

  it('tells a missed pixel from one that went to another class in focus', () => {
    expect(names([2, 3])).toEqual(['', 'hit', 'missed', 'false alarm', 'missed', 'wrong class', '']);
    expect(names([1, 2, 3])).toEqual(['', 'hit', 'missed', 'false alarm', 'wrong class', 'wrong class', 'hit']);
  });
});

describe('classOutcome', () => {
  it.each([
    [[2, 2, 0], [2, 0, 2], { outcome: 'hit', tp: 1, fp: 1, fn: 1, iou: 1 / 3 }],
    [[2, 2, 0], [0, 0, 0], { outcome: 'miss', tp: 0, fp: 0, fn: 2, iou: 0 }],
    [[0, 0, 0], [2, 0, 0], { outcome: 'false_alarm', tp: 0, fp: 1, fn: 0, iou: 0 }],
    [[2, 0, 0], [0, 0, 2], { outcome: 'disjoint', tp: 0, fp: 1, fn: 1, iou: 0 }],
    [[1, 1, 1], [0, 0, 0], { outcome: 'empty', tp: 0, fp: 0, fn: 0, iou: null }],
  ])('truth %j, prediction %j: %j', (truth, predicted, expected) => {
    expect(classOutcome(Uint8Array.from(truth), Uint8Array.from(predicted), 2, 4)).toEqual(expected);
  });

  it('knows nothing where one map is not there', () => {
    expect(classOutcome(null, Uint8Array.of(1), 1, 4)).toBeNull();
    expect(classOutcome(Uint8Array.of(1), null, 1, 4)).toBeNull();
  });

  it('leaves out pixels whose truth is no class', () => {
    const truth = Uint8Array.of(255, 255, 2);
    const predicted = Uint8Array.of(2, 0, 2);
    expect(classOutcome(truth, predicted, 2, 4)).toEqual({ outcome: 'hit', tp: 1, fp: 0, fn: 0, iou: 1 });
    expect([...differenceMap(truth, predicted, [2], 4)]).toEqual([0, 0, 1]);
  });
});
