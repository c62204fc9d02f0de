import { describe, expect, it } from 'vitest';
import { failureOf } from '../../src/commands/failure.js';
import { UsageError, WorkError } from '../../src/pipeline/errors.js';

const system = (code: string, path?: string) => Object.assign(new Error(`${code}: why, open`), { code, path });

describe('failureOf', () => {
  it('is 2 for a wrong call and 3 for work that failed, with the message alone', () => {
    expect(failureOf(new UsageError('no such class'), false)).toEqual({ code: 2, text: 'no such class' });
    expect(failureOf(new WorkError('no engine'), false)).toEqual({ code: 3, text: 'no engine' });
  });
  it.each([
    ['ENOSPC', '/runs/a/images.csv: the disk is full'],
    ['EACCES', '/runs/a/images.csv: no permission'],
    ['EROFS', '/runs/a/images.csv: the file system is read-only'],
    ['EPERM', '/runs/a/images.csv: not permitted'],
  ])('says what %s means and where', (code, text) => {
    const failure = failureOf(system(code, '/runs/a/images.csv'), false);
    expect(failure.code).toBe(3);
    expect(failure.text).toContain(text);
    expect(failure.text).not.toContain('--debug');
  });
  it('does not name a path that it was not told', () => {
    expect(failureOf(system('ENOSPC'), false).text).toMatch(/^the disk is full/);
  });
  it('says how to see the stack of what nobody foresaw, and shows none', () => {
    const { code, text } = failureOf(new TypeError('x is not a function'), false);
    expect(code).toBe(3);
    expect(text).toContain('x is not a function');
    expect(text).toContain('--debug');
    expect(text).not.toContain('    at ');
  });
  it('shows the stack, and the cause, on request', () => {
    const { text } = failureOf(new UsageError('outer', { cause: new RangeError('inner') }), true);
    expect(text).toMatch(/UsageError: outer\n {4}at [\s\S]*caused by RangeError: inner\n {4}at /);
  });
  it('copes with what is no error at all', () => {
    expect(failureOf('a string', false)).toMatchObject({ code: 3, text: expect.stringContaining('a string') });
    expect(failureOf(null, false).code).toBe(3);
  });
  it('shows what would move the cursor as escapes, and keeps its own lines', () => {
    expect(failureOf(new UsageError('no \u001b[2Jfolder\nsecond line'), false).text).toBe(
      'no \\x1b[2Jfolder\nsecond line',
    );
  });
});
