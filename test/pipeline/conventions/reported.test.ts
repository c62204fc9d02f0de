import { describe, expect, it } from 'vitest';
import { parseReported } from '../../../src/pipeline/conventions/reported.js';
import { UsageError } from '../../../src/pipeline/errors.js';

const CLASSES = [
  { index: 0, key: 'background', name: 'Background', aliases: [] },
  { index: 1, key: 'covid', name: 'COVID-19', aliases: ['covid19'] },
];

describe('parseReported', () => {
  it.each([
    ['covid.iou=0.83', { class: 'covid', measure: 'iou', value: 0.83, low: 0.825, high: 0.835 }],
    ['COVID-19.Dice = 88.21%', { class: 'covid', measure: 'dice', value: 0.8821, low: 0.88205, high: 0.88215 }],
    ['1.iou=1.0000', { class: 'covid', measure: 'iou', value: 1, low: 0.99995, high: 1 }],
    ['covid19.iou=1', { class: 'covid', measure: 'iou', value: 1, low: 0.5, high: 1 }],
    ['mean.dice=.5', { class: null, measure: 'dice', value: 0.5, low: 0.45, high: 0.55 }],
    ['mean.iou=0.000', { class: null, measure: 'iou', value: 0, low: 0, high: 0.0005 }],
    ['accuracy=97 %', { class: null, measure: 'accuracy', value: 0.97, low: 0.965, high: 0.975 }],
  ])('%s is as exact as its digits', (text, expected) => {
    const { low, high, value, ...rest } = parseReported(text, CLASSES);
    expect(rest).toEqual({ text, class: expected.class, measure: expected.measure });
    expect(value).toBeCloseTo(expected.value, 12);
    expect(low).toBeCloseTo(expected.low, 12);
    expect(high).toBeCloseTo(expected.high, 12);
  });
  it.each([
    ['covid=0.8', 'expected KEY.iou'],
    ['covid.iou', 'expected KEY.iou'],
    ['covid.f1=0.8', 'expected KEY.iou'],
    ['covid.iou=', 'expected KEY.iou'],
    ['covid.iou=nan', 'expected KEY.iou'],
    ['covid.iou=-0.1', 'expected KEY.iou'],
    ['covid.iou=1e-1', 'expected KEY.iou'],
    ['covid.iou=83.05', 'write 83.05%'],
    ['covid.iou=130', 'at most 1'],
    ['covid.iou=101%', 'at most 1'],
    ['covd.iou=0.8', 'did you mean covid?'],
    ['=0.8', 'expected KEY.iou'],
  ])('%s is refused, with what would be right', (text, message) => {
    expect(() => parseReported(text, CLASSES)).toThrow(UsageError);
    expect(() => parseReported(text, CLASSES)).toThrow(message);
  });
});
