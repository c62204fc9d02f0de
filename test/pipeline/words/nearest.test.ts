import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, nearest } from '../../../src/pipeline/words/nearest.js';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['audt', 'audit', 1],
    ['adut', 'audt', 1],
    ['Class', 'class', 0],
    ['ca', 'abc', 3],
  ])('%s to %s is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});

describe('nearest', () => {
  it('finds the word with the fewest edits', () => {
    expect(nearest('sttas', ['audit', 'stats', 'export'])).toBe('stats');
  });
  it('finds nothing where everything is far', () => {
    expect(nearest('xyzzy', ['audit', 'stats'])).toBeNull();
    expect(didYouMean('xyzzy', ['audit'])).toBe('');
  });
  it('puts the mark in front', () => {
    expect(didYouMean('clas', ['class', 'csv'], (found) => `--${found}`)).toBe('; did you mean --class?');
  });
});
