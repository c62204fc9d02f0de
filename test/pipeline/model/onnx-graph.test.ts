import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outputOperator } from '../../../src/pipeline/model/onnx-graph.js';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/onnx/', import.meta.url));
const file = (name: string) => path.join(FIXTURES, `${name}.onnx`);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-graph-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(bytes: Uint8Array): string {
  const name = path.join(folder, 'model.onnx');
  writeFileSync(name, bytes);
  return name;
}

// As fixtures/onnx/make.py has them.
test.each([
  ['nchw-softmax', 'y', 'Softmax'],
  ['nhwc-logits', 'y', 'Add'],
  ['sigmoid-one', 'y', 'Sigmoid'],
  ['argmax-labels', 'y', 'ArgMax'],
  ['two-outputs', 'probabilities', 'Softmax'],
  ['two-outputs', 'auxiliary', 'Neg'],
])('%s: %s is made by %s', (name, output, operator) => {
  expect(outputOperator(file(name), output)).toBe(operator);
});

test('a transpose behind the softmax is looked through', () => {
  expect(outputOperator(file('transposed-half-size'), 'y')).toBe('Softmax');
});

test('an input that is passed on, and a name that nothing makes, give nothing', () => {
  expect(outputOperator(file('nchw-softmax'), 'x')).toBeNull();
  expect(outputOperator(file('nchw-softmax'), '__proto__')).toBeNull();
});

/** A field of wire type 2: tag, length, payload; lengths below 16,384. */
function field(number: number, payload: Uint8Array | string): Buffer {
  const bytes = Buffer.from(payload as string);
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
  return Buffer.concat([Buffer.of(number * 8 + 2, ...length), bytes]);
}
const node = (operator: string, input: string, output: string) =>
  field(1, Buffer.concat([field(1, input), field(2, output), field(4, operator)]));

test('a circle of transparent operators ends', () => {
  const graph = field(7, Buffer.concat([node('Identity', 'b', 'a'), node('Cast', 'a', 'b')]));
  expect(outputOperator(written(graph), 'a')).toBeNull();
});

test('weights are stepped over, however long they say they are', () => {
  const weights = field(5, field(9, Buffer.alloc(4000, 0xff)));
  const graph = field(7, Buffer.concat([weights, node('Relu', 'a', 'y'), weights]));
  expect(outputOperator(written(graph), 'y')).toBe('Relu');
  // Length 2^63 - 1 in a file of 11 bytes.
  expect(outputOperator(written(Buffer.of(0x3a, 255, 255, 255, 255, 255, 255, 255, 255, 127, 0)), 'y')).toBeNull();
});

test('a field that is longer than the message around it', () => {
  const inner = Buffer.concat([field(2, 'y'), Buffer.of(0x22, 12), Buffer.from('Relu')]);
  const graph = field(7, Buffer.concat([field(1, inner), field(3, 'a long name of the graph')]));
  expect(outputOperator(written(graph), 'y')).toBeNull();
});

test('no ONNX file, none, or an empty one', () => {
  expect(outputOperator(written(Buffer.from('{"format": "layers-model"}')), 'y')).toBeNull();
  expect(outputOperator(written(new Uint8Array(0)), 'y')).toBeNull();
  expect(() => outputOperator(path.join(folder, 'none.onnx'), 'y')).toThrow('ENOENT');
});

test('cut and flipped files neither throw nor hang', () => {
  let state = 1;
  const next = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
  const files = readdirSync(FIXTURES).filter((name) => name.endsWith('.onnx'));
  for (const name of files) {
    const whole = readFileSync(path.join(FIXTURES, name));
    for (let round = 0; round < 60; round++) {
      const damaged = Buffer.from(whole.subarray(0, round % 2 ? whole.length : next(whole.length)));
      for (let k = 0; k < 3 && damaged.length > 0; k++) damaged[next(damaged.length)] = next(256);
      const found = outputOperator(written(damaged), 'y');
      expect(found === null || typeof found === 'string').toBe(true);
    }
  }
});
