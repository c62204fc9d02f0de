import { describe, expect, it } from 'vitest';
import { visible, visibleJson } from '../../../src/pipeline/words/visible-text.js';

describe('visible', () => {
  it.each([
    ['covid_1.png', 'covid_1.png'],
    ['肺 COVID é 🫁', '肺 COVID é 🫁'],
    ['👩‍⚕️', '👩‍⚕️'],
    ['\u001b[31mred', '\\x1b[31mred'],
    ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
    ['\u009b31m', '\\x9b31m'],
    ['a\nb\tc\rd\u0000', 'a\\nb\\tc\\rd\\x00'],
    ['\u007f', '\\x7f'],
    ['gnp\u202egpj.exe', 'gnp\\u202egpj.exe'],
    ['\u2066\u2069\u200f\u061c', '\\u2066\\u2069\\u200f\\u061c'],
    ['a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['line\u2028break', 'line\\u2028break'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['half\ud800', 'half\\ud800'],
  ])('%j is shown as %j', (given, shown) => {
    expect(visible(given)).toBe(shown);
  });

  it('leaves nothing of the control characters in any text', () => {
    for (let point = 0; point < 0x300; point++) expect(visible(String.fromCodePoint(point))).not.toMatch(/\p{Cc}/u);
  });
});

describe('visibleJson', () => {
  it('means the same to a parser and nothing to a terminal', () => {
    const value = { name: 'a\u009b31m\u202e\u{e0041}\u007f', lines: 'x\ny\u2028' };
    for (const indent of [0, 2]) {
      const json = visibleJson(JSON.stringify(value, null, indent));
      expect(JSON.parse(json)).toEqual(value);
      expect(json.replaceAll('\n', '')).toMatch(/^[\x20-\x7e]*$/);
    }
  });
});
