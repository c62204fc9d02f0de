import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { COVID_QU_EX_CLASSES } from '../../../src/pipeline/dataset/classes.js';
import type { DatasetSpec } from '../../../src/pipeline/dataset/dataset.js';
import { imageLevel } from '../../../src/pipeline/dataset/image-level.js';
import { onnxEntry } from '../../../src/pipeline/engines/onnx.js';
import { withClassActivation } from '../../../src/pipeline/model/class-activation.js';
import { modelMessage, type OnnxNode } from '../../../src/pipeline/training/export/onnx-format.js';

const folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-cam-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SEGMENTED = { layout: 'covid-qu-ex', classes: COVID_QU_EX_CLASSES.infection } as DatasetSpec;
const dataset = imageLevel(SEGMENTED, null);

/** Of each quarter of 8 x 8: 3 times its mean, and how much brighter it is above than below. */
const FILTERS = [Array(16).fill(3 / 16), Array.from({ length: 16 }, (_, i) => (i < 8 ? 0.5 : -0.5))];
/** Classes x features, and a constant a class. */
const WEIGHTS = [
  [-1, 0.25],
  [0.5, -2],
  [1, 1.5],
];
const BIAS = [0.5, -0.25, 0];

const gemm = (attributes: OnnxNode['attributes'], weights = 'byClass'): OnnxNode => ({
  operator: 'Gemm',
  inputs: ['flat', weights, 'bias'],
  output: 'logits',
  attributes,
});
const POOL: OnnxNode = { operator: 'GlobalAveragePool', inputs: ['planes'], output: 'means' };
const SOFTMAX: OnnxNode = { operator: 'Softmax', inputs: ['logits'], output: 'y', attributes: { axis: 1 } };
const FLATTEN: OnnxNode = { operator: 'Flatten', inputs: ['means'], output: 'flat' };
const MATMUL: OnnxNode = { operator: 'MatMul', inputs: ['flat', 'byFeature'], output: 'product' };

let written = 0;
function write(nodes: OnnxNode[], outputs = [{ name: 'y', shape: ['N', 3] }]): string {
  const constant = (name: string, shape: number[], values: number[]) => ({
    ...{ name, shape, values: Float32Array.from(values) },
  });
  const encoded = modelMessage(
    {
      name: 'classifier',
      nodes: [
        { operator: 'Conv', inputs: ['x', 'filters'], output: 'linear', attributes: { strides: [4, 4] } },
        { operator: 'Relu', inputs: ['linear'], output: 'planes' },
        ...nodes,
      ],
      constants: [
        constant('filters', [2, 1, 4, 4], FILTERS.flat()),
        constant('byClass', [3, 2], WEIGHTS.flat()),
        constant(
          'byFeature',
          [2, 3],
          [0, 1].flatMap((f) => WEIGHTS.map((of) => of[f])),
        ),
        constant('square', [3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1]),
        constant('bias', [3], BIAS),
        { name: 'axes', shape: [2], values: BigInt64Array.of(2n, 3n) },
      ],
      input: { name: 'x', shape: ['N', 1, 8, 8] },
      outputs,
    },
    { name: 'test', version: '1' },
  );
  const file = path.join(folder, `${written++}.onnx`);
  writeFileSync(file, Buffer.concat(encoded.pieces));
  return file;
}

/** Gray by row and column, different in every quarter. */
const PICTURE = Uint8Array.from({ length: 64 }, (_, i) => (i * 37 + (i >> 3) * 11) % 256);

/** Class x quarter, by hand. */
function heatByHand(): number[][] {
  const quarters = [0, 1, 2, 3].map((q) =>
    Array.from({ length: 16 }, (_, i) => PICTURE[((q >> 1) * 4 + (i >> 2)) * 8 + (q & 1) * 4 + (i & 3)] / 255),
  );
  const planes = FILTERS.map((filter) =>
    quarters.map((values) =>
      Math.max(
        0,
        values.reduce((sum, value, i) => sum + value * filter[i], 0),
      ),
    ),
  );
  return WEIGHTS.map((of) => [0, 1, 2, 3].map((q) => of[0] * planes[0][q] + of[1] * planes[1][q]));
}

async function answer(file: string, card: Record<string, string> = {}) {
  const settings = { classes: 'healthy,covid,non-covid', ...card };
  const engine = await onnxEntry.open({ model: file, dataset, device: 'cpu', batch: null, jobs: 1, card: settings });
  try {
    const picture = () => ({ width: 8, height: 8, channels: 1 as const, data: PICTURE.slice() });
    const [output] = await engine.infer([picture(), picture()]);
    return { output, notes: engine.info.notes };
  } finally {
    await engine.close();
  }
}

const HEADS: Record<string, OnnxNode[]> = {
  'Gemm of weights by class': [POOL, FLATTEN, gemm({ transB: 1, alpha: { float: 1 }, beta: { float: 1 } }), SOFTMAX],
  'Gemm of weights by feature': [POOL, FLATTEN, gemm({}, 'byFeature'), SOFTMAX],
  'MatMul and Add': [
    POOL,
    FLATTEN,
    MATMUL,
    { operator: 'Add', inputs: ['product', 'bias'], output: 'logits' },
    SOFTMAX,
  ],
  'a mean over the picture': [
    { operator: 'ReduceMean', inputs: ['planes'], output: 'flat', attributes: { axes: [2, 3], keepdims: 0 } },
    gemm({ transB: 1 }),
    SOFTMAX,
  ],
};

describe('the class activation maps of a classifier without heat maps', () => {
  it.each(Object.keys(HEADS))('%s: the planes, weighted as their means are', async (head) => {
    const { output, notes } = await answer(write(HEADS[head]));
    const due = heatByHand();
    expect(output.heat).toMatchObject({ width: 2, height: 2 });
    due.flat().forEach((value, i) => {
      expect(output.heat?.values[i]).toBeCloseTo(value, 5);
    });
    const powers = due.map((of, c) => Math.exp(of.reduce((sum, value) => sum + value / 4, BIAS[c])));
    const all = powers.reduce((sum, power) => sum + power, 0);
    output.maxProbability.forEach((probability, c) => {
      expect(probability).toBeCloseTo(powers[c] / all, 5);
    });
    expect(notes).toContain('class activation maps from what its global average pooling is of');
  });

  it('are there for logits, too', async () => {
    const nodes = [POOL, FLATTEN, { ...gemm({ transB: 1 }), output: 'y' }];
    const { output } = await answer(write(nodes), { output: 'logits', task: 'classification' });
    expect(output.heat?.values[0]).toBeCloseTo(heatByHand()[0][0], 5);
  });

  it('are the planes themselves where their means are the answers', async () => {
    const conv: OnnxNode = { operator: 'Conv', inputs: ['planes', 'kernels'], output: 'maps' };
    const kernels: OnnxNode = { operator: 'Unsqueeze', inputs: ['byClass', 'axes'], output: 'kernels' };
    const nodes = [kernels, conv, { ...POOL, inputs: ['maps'] }, { ...FLATTEN, output: 'logits' }, SOFTMAX];
    const { output } = await answer(write(nodes));
    heatByHand()
      .flat()
      .forEach((value, i) => {
        expect(output.heat?.values[i]).toBeCloseTo(value, 5);
      });
  });

  const hidden: OnnxNode = { operator: 'Relu', inputs: ['logits'], output: 'hidden' };
  const second: OnnxNode = { operator: 'MatMul', inputs: ['hidden', 'square'], output: 'product' };
  it.each<[string, OnnxNode[]]>([
    ['a layer between', [POOL, FLATTEN, gemm({ transB: 1 }), hidden, second, { ...SOFTMAX, inputs: ['product'] }]],
    [
      'the highest value in place of the mean',
      [{ ...POOL, operator: 'GlobalMaxPool' }, ...HEADS['Gemm of weights by feature'].slice(1)],
    ],
    ['another factor', [POOL, FLATTEN, gemm({ transB: 1, alpha: { float: 2 } }), SOFTMAX]],
    [
      'a mean over rows alone',
      [
        { operator: 'ReduceMean', inputs: ['planes'], output: 'rows', attributes: { axes: [2], keepdims: 1 } },
        { operator: 'GlobalMaxPool', inputs: ['rows'], output: 'means' },
        ...[FLATTEN, gemm({ transB: 1 }), SOFTMAX],
      ],
    ],
  ])('are not there behind %s, and the audit goes on without', async (_, nodes) => {
    const file = write(nodes);
    expect(withClassActivation(file)).toBeNull();
    const { output, notes } = await answer(file);
    expect(output.heat).toBeUndefined();
    expect(notes).toContain('no heat maps: the graph has no output for them');
  });

  it('are left alone where the graph has several outputs, or what is no ONNX', () => {
    const outputs = [
      { name: 'y', shape: ['N', 3] },
      { name: 'logits', shape: ['N', 3] },
    ];
    expect(withClassActivation(write(HEADS['MatMul and Add'], outputs))).toBeNull();
    const junk = path.join(folder, 'junk.onnx');
    writeFileSync(junk, 'no protobuf at all');
    expect(withClassActivation(junk)).toBeNull();
  });
});
