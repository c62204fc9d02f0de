import { expect, it } from 'vitest';
import { count, counted, duration, factor, interval, rate, score, share } from '../../../src/pipeline/words/figures.js';

it('counts have thousands separators and their noun', () => {
  expect(count(182_331)).toBe('182,331');
  expect([counted(0, 'image'), counted(1, 'image'), counted(5826, 'image')]).toEqual([
    '0 images',
    '1 image',
    '5,826 images',
  ]);
  expect(counted(2, 'info', 'infos')).toBe('2 infos');
});

it('scores have four decimals, undefined is a dash and never 0 or 1', () => {
  expect([score(0), score(1), score(0.60234), score(null)]).toEqual(['0.0000', '1.0000', '0.6023', '-']);
  expect(interval([0.79119, 0.8634])).toBe('0.7912-0.8634');
  expect(interval(null)).toBe('-');
});

it.each([
  [null, '-'],
  [0, '0 %'],
  [1, '100 %'],
  [0.5, '50.0 %'],
  [0.01234, '1.23 %'],
  [0.0994, '9.94 %'],
  [0.09951, '10.0 %'],
  [0.00009, '<0.01 %'],
  [0.99949, '99.9 %'],
  [0.9999, '>99.9 %'],
])('a share of %s reads %s', (x, text) => {
  expect(share(x)).toBe(text);
});

it.each([
  [null, '-'],
  [0, '0'],
  [0.320512, '0.3205'],
  [4.77083, '4.771'],
  [14.9, '14.9'],
  [12_345.6, '12,346'],
])('a weight of %s reads %s', (x, text) => {
  expect(factor(x)).toBe(text);
});

it.each([
  [null, '-'],
  [Number.POSITIVE_INFINITY, '-'],
  [0.042, '0.04'],
  [0.996, '1.0'],
  [12.34, '12.3'],
  [99.6, '100'],
  [4120.4, '4,120'],
])('a rate of %s reads %s', (x, text) => {
  expect(rate(x)).toBe(text);
});

it.each([
  [0, '0.0 s'],
  [420, '0.4 s'],
  [9949, '9.9 s'],
  [9950, '10 s'],
  [59_499, '59 s'],
  [59_500, '1 min 00 s'],
  [125_000, '2 min 05 s'],
  [3_599_600, '1 h 00 min'],
  [3_780_000, '1 h 03 min'],
])('%i ms read %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});
