import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../src/pipeline/errors.js';
import type { ModelCard } from '../../../src/pipeline/model/card.js';
import { readGraphInput, type TensorForm } from '../../../src/pipeline/model/graph-input.js';

function read(shape: (number | string)[], card: ModelCard = {}, type = 'float32') {
  const notes: string[] = [];
  const origin = Object.fromEntries(Object.keys(card).map((key) => [key, 'net.onnx.maskaudit.json']));
  const inputs: TensorForm[] = [{ name: 'x', type, shape }];
  return { ...readGraphInput('net.onnx', inputs, { card, origin }, notes), notes };
}

describe('what the graph tells is not asked for', () => {
  test('NCHW, free batch', () => {
    expect(read(['N', 3, 256, 320])).toMatchObject({
      layout: 'NCHW',
      channels: 3,
      height: 256,
      width: 320,
      batch: null,
      notes: ['NCHW from the graph', '320x256, 3 channels from the graph'],
    });
  });
  test('NHWC, fixed batch', () => {
    expect(read([8, 64, 96, 1])).toMatchObject({ layout: 'NHWC', channels: 1, height: 64, width: 96, batch: 8 });
  });
  test('free sizes stay free', () => {
    expect(read(['', 1, 'H', 'W'])).toMatchObject({ layout: 'NCHW', width: null, height: null });
  });
});

describe('what it leaves free, the card fills', () => {
  test('size', () => {
    const input = read(['', 1, 'H', 'W'], { size: [128, 96] });
    expect(input).toMatchObject({ height: 128, width: 96 });
    expect(input.notes[1]).toBe('96x128, 1 channel from net.onnx.maskaudit.json');
  });
  test('layout and channels of a graph without a shape', () => {
    expect(read([], { layout: 'NHWC', channels: 3, size: [8, 8] })).toMatchObject({ layout: 'NHWC', channels: 3 });
  });
  test('a layout that agrees is no contradiction', () => {
    expect(read(['N', 3, 8, 8], { layout: 'NCHW', channels: 3, size: [8, 8] })).toMatchObject({ layout: 'NCHW' });
  });
});

test.each<[(number | string)[], ModelCard, RegExp]>([
  [['N', 3, 8, 8], { layout: 'NHWC' }, /maskaudit\.json says layout NHWC, and its input is x float32 \[N,3,8,8\]/],
  [['N', 3, 8, 8], { channels: 1 }, /says channels 1, and its input is x float32 \[N,3,8,8\]/],
  [['N', 3, 8, 9], { size: [9, 8] }, /says size 9 x 8 \(height x width\), and its input is x float32 \[N,3,8,9\]/],
  [['N', 3, 5, 3], {}, /could be NCHW and NHWC: the card must say "layout"/],
  [['N', 'C', 'H', 'W'], {}, /can't be seen: the card must say "layout"/],
  [['N', 'C', 'H', 'W'], { layout: 'NCHW' }, /channels are free: the card must say "channels"/],
  [['N', 4, 8, 8], {}, /1 or 3 channels are expected/],
  [['N', 3, 8], {}, /four dimensions/],
])('%j with %j is refused', (shape, card, message) => {
  expect(() => read(shape, card)).toThrow(UsageError);
  expect(() => read(shape, card)).toThrow(message);
});

test('other element types, and several inputs, are refused', () => {
  expect(() => read(['N', 1, 8, 8], {}, 'string')).toThrow(
    /takes x string .*float32, float16, uint8, int32 is expected/,
  );
  const two: TensorForm[] = ['a', 'b'].map((name) => ({ name, type: 'float32', shape: [1, 1, 8, 8] }));
  expect(() => readGraphInput('net.onnx', two, { card: {}, origin: {} }, [])).toThrow(/takes 2 inputs \(a .*, b .*\)/);
});
