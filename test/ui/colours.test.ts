import { describe, expect, it } from 'vitest';
import { wantsColour } from '../../src/ui/colours.js';

describe('wantsColour', () => {
  it.each<[boolean, Record<string, string>, boolean]>([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [true, { CI: 'true' }, false],
    [true, { CI: 'false' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '', CI: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ])('terminal %s, %j: %s', (isTTY, env, wanted) => {
    expect(wantsColour({ isTTY }, env)).toBe(wanted);
  });
});
