import { describe, expect, it } from 'vitest';
import { decimal, list, number, percent, quantity, score, valueList } from '../../../src/pipeline/checks/wording.js';
import { histogram } from './given.js';

describe('wording', () => {
  it('separates thousands', () => {
    expect([0, 12, 999, 1000, 1234567].map(number)).toEqual(['0', '12', '999', '1,000', '1,234,567']);
  });

  it('knows one from many', () => {
    expect([quantity(0, 'hole'), quantity(1, 'hole'), quantity(2000, 'hole'), quantity(2, 'class', 'classes')]).toEqual(
      ['0 holes', '1 hole', '2,000 holes', '2 classes'],
    );
  });

  it('cuts decimals', () => {
    expect([decimal(1.25), decimal(12345.678901), decimal(2), decimal(0.00001), decimal(10.05, 1)]).toEqual([
      '1.25',
      '12,345.6789',
      '2',
      '0',
      '10.1',
    ]);
    expect([score(0.5), score(1), score(null)]).toEqual(['0.5000', '1.0000', 'undefined']);
    expect([percent(0.12345), percent(0), percent(1), percent(0.00001)]).toEqual([
      '12.35 %',
      '0 %',
      '100 %',
      '< 0.01 %',
    ]);
  });

  it('lists', () => {
    expect([list([]), list(['a']), list(['a', 'b']), list(['a', 'b', 'c'])]).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
    expect(valueList([3, 9], histogram({ 3: 1, 9: 1200 }))).toBe('values 9 (1,200 pixels) and 3 (1 pixel)');
  });
});
