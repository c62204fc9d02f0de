import { describe, expect, it } from 'vitest';
import { displayWidth, pad, truncate, truncatePath, wrap } from '../../src/ui/display-width.js';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['covid', 5],
    ['é', 1],
    ['e\u0301', 1], // e and a combining accent
    ['肺', 2],
    ['ｗ', 2], // fullwidth
    ['ﾊ', 1], // halfwidth
    ['한국', 4],
    ['한', 2], // composed from three Jamo
    ['🫁', 2],
    ['👩‍⚕️', 2],
    ['🇰🇷', 2],
    ['❤️', 2],
    ['1', 1],
    ['█░', 2],
    ['…', 1],
    ['𠀀', 2],
    ['肺a', 3],
  ])('%s takes %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('truncate', () => {
  it.each([
    ['covid', 5, 'covid'],
    ['covid', 4, 'cov…'],
    ['covid', 1, '…'],
    ['covid', 0, ''],
    ['肺肺肺', 6, '肺肺肺'],
    ['肺肺肺', 5, '肺肺…'],
    ['肺肺肺', 4, '肺…'], // the second would end in the ellipsis's column
    ['👩‍⚕️👩‍⚕️', 3, '👩‍⚕️…'],
    ['two words', 5, 'two…'],
  ])('%s in %i columns is %s', (text, width, cut) => {
    expect(truncate(text, width)).toBe(cut);
    expect(displayWidth(truncate(text, width))).toBeLessThanOrEqual(width);
  });
});

describe('truncatePath', () => {
  it.each([
    ['Test/covid_1', 12, 'Test/covid_1'],
    ['Test/covid_1', 11, '…st/covid_1'],
    ['Test/covid_1', 8, '…covid_1'],
    // Names of one archive that end alike stay apart.
    ['Test/sub-S02705_ses-E02711_run-1_vp-pa_dx', 25, 'sub-S02705_ses-E02711…_dx'],
    ['肺/肺肺肺肺肺肺', 9, '肺肺…肺'],
    // So do those of numbered classes.
    ['organ-with-a-long-name-13', 14, 'organ-with…-13'],
    ['Test/covid_1', 3, '…_1'],
    ['Test/covid_1', 0, ''],
  ])('%s in %i columns is %s', (text, width, cut) => {
    expect(truncatePath(text, width)).toBe(cut);
    expect(displayWidth(cut)).toBeLessThanOrEqual(width);
  });
});

it('pad fills by columns, not by characters', () => {
  expect(pad('肺', 4)).toBe('肺  ');
  expect(pad('12', 4, 'end')).toBe('  12');
  expect(pad('too long', 3)).toBe('too long');
});

it('wrap breaks at spaces and never inside a word', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('a /very/long/path b', 5)).toEqual(['a', '/very/long/path', 'b']);
  expect(wrap('', 5)).toEqual(['']);
});
