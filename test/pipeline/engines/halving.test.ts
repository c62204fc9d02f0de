import { expect, test, vi } from 'vitest';
import { createHalving } from '../../../src/pipeline/engines/halving.js';
import { WorkError } from '../../../src/pipeline/errors.js';

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
/** Squares, on a device with room for `room` at once. */
function device(room: number) {
  const calls: number[] = [];
  const run = async (group: readonly number[]) => {
    calls.push(group.length);
    if (group.length > room)
      throw new WorkError('net failed on an input of 8: OOM when allocating tensor with shape[8]');
    return group.map((x) => x * x);
  };
  return { calls, run };
}

test('what fits is run as it is', async () => {
  const { calls, run } = device(8);
  const note = vi.fn();
  expect(await createHalving(run, note)(numbers(8))).toEqual(numbers(8).map((x) => x * x));
  expect(calls).toEqual([8]);
  expect(note).not.toHaveBeenCalled();
});

test('what does not fit is halved until it does, in order, each time said once; later groups come in that size', async () => {
  const { calls, run } = device(3);
  const notes: string[] = [];
  const infer = createHalving(run, (note) => notes.push(note));
  expect(await infer(numbers(11))).toEqual(numbers(11).map((x) => x * x));
  expect(calls).toEqual([11, 6, 3, 3, 3, 2]);
  expect(notes).toEqual([
    'out of memory with 11 images in a call: 6 from here on',
    'out of memory with 6 images in a call: 3 from here on',
  ]);
  calls.length = 0;
  expect(await infer(numbers(7))).toEqual(numbers(7).map((x) => x * x));
  expect(calls).toEqual([3, 3, 1]);
});

test('one that does not fit is the error', async () => {
  const { calls, run } = device(0);
  await expect(createHalving(run)(numbers(2))).rejects.toThrow('OOM when allocating');
  expect(calls).toEqual([2, 1]);
});

test('another error is that error, and nothing is tried again', async () => {
  const run = vi.fn(async () => {
    throw new WorkError('no kernel for Conv3D');
  });
  await expect(createHalving(run)(numbers(4))).rejects.toThrow('no kernel');
  expect(run).toHaveBeenCalledTimes(1);
});

test('memory that JavaScript has not is memory too', async () => {
  const run = async (group: readonly number[]) => {
    if (group.length > 1)
      throw new WorkError('net failed', { cause: new RangeError('Array buffer allocation failed') });
    return [...group];
  };
  expect(await createHalving(run)(numbers(4))).toEqual([0, 1, 2, 3]);
});
