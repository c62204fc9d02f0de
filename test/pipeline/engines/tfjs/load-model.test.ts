import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openGraphModel } from '../../../../src/pipeline/engines/tfjs/graph-model.js';
import { openLayersModel } from '../../../../src/pipeline/engines/tfjs/layers-model.js';
import { loadTfjsModel } from '../../../../src/pipeline/engines/tfjs/load-model.js';
import type { TfModel } from '../../../../src/pipeline/engines/tfjs/tf-model.js';
import { startWasm } from './backend.js';

const tf = await startWasm();
let before = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(before));

/** Runs a model on ones, leaving nothing behind, and gives the output's values. */
async function run(model: TfModel, dims: number[], output: string): Promise<number[]> {
  const input = tf.tensor(new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(1), dims);
  const resting = tf.memory().numTensors;
  const [result] = await model.run(input, model.inputs[0].name, [output]);
  expect(tf.memory().numTensors).toBe(resting + 1);
  const values = Array.from(await result.data());
  tf.dispose([input, result]);
  return values;
}

describe('layers models', () => {
  const { conv2d, activation, upSampling2d, softmax } = layers.layers;
  const image = () => layers.input({ shape: [null, 4, 1], name: 'image' });
  const pixel = (of: layers.SymbolicTensor, act: 'softmax' | 'sigmoid' | 'linear', name?: string) =>
    conv2d({ filters: 2, kernelSize: 1, activation: act, kernelInitializer: 'ones', name }).apply(
      of,
    ) as layers.SymbolicTensor;

  async function open(outputs: (x: layers.SymbolicTensor) => layers.SymbolicTensor | layers.SymbolicTensor[]) {
    const x = image();
    const model = layers.model({ inputs: x, outputs: outputs(x) });
    let artifacts: io.ModelArtifacts = {};
    await model.save({
      save: async (made) => {
        artifacts = made;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      },
    });
    model.dispose();
    return openLayersModel(tf, artifacts);
  }

  test.each([
    ['an activation of the last layer', (x) => pixel(x, 'softmax'), 'Softmax'],
    ['a layer of its own', (x) => activation({ activation: 'sigmoid' }).apply(pixel(x, 'linear')), 'Sigmoid'],
    ['a softmax layer', (x) => softmax({}).apply(pixel(x, 'linear')), 'Softmax'],
    [
      'behind layers that only move values',
      (x) => upSampling2d({}).apply(upSampling2d({}).apply(pixel(x, 'softmax'))),
      'Softmax',
    ],
    ['no activation at the end', (x) => pixel(pixel(x, 'softmax'), 'linear'), null],
    ['a linear activation', (x) => activation({ activation: 'linear' }).apply(pixel(x, 'linear')), null],
    [
      'inside a model that stands for a layer',
      (x) => {
        const inner = image();
        return layers.model({ inputs: inner, outputs: pixel(inner, 'sigmoid') }).apply(x);
      },
      'Sigmoid',
    ],
  ] as [string, (x: layers.SymbolicTensor) => layers.SymbolicTensor, string | null][])(
    'the operator at the output: %s',
    async (_, outputs, operator) => {
      const model = await open(outputs);
      expect(model.operatorOf(model.outputs[0].name)).toBe(operator);
      expect(model.inputs).toEqual([{ name: 'image', type: 'float32', shape: ['', '', 4, 1] }]);
      model.dispose();
    },
  );

  test('one of two outputs, and the other is not left behind', async () => {
    const model = await open((x) => [pixel(x, 'softmax', 'half'), pixel(x, 'linear', 'one')]);
    expect(model.outputs.map(({ name }) => name)).toEqual(['half', 'one']);
    expect(await run(model, [1, 1, 4, 1], 'one')).toEqual(Array(8).fill(1));
    expect(await run(model, [1, 1, 4, 1], 'half')).toEqual(Array(8).fill(expect.closeTo(0.5, 6)));
    expect([model.operatorOf('half'), model.operatorOf('one')]).toEqual(['Softmax', null]);
    model.dispose();
  });
});

describe('graph models', () => {
  const FLOAT = { type: 'DT_FLOAT' };
  const node = (op: string, name: string, input: string[], attr: object = { T: FLOAT }) => ({ op, name, input, attr });
  const SHAPE = { dim: [{ size: '-1' }, { size: '2' }, { size: '2' }, { size: '1' }] };
  const placeholder = node('Placeholder', 'x', [], { dtype: FLOAT, shape: { shape: SHAPE } });
  const scalar = (name: string) =>
    node('Const', name, [], { dtype: FLOAT, value: { tensor: { dtype: 'DT_FLOAT', tensorShape: {} } } });

  const open = (nodes: object[], weights: string[] = [], signature?: object) =>
    openGraphModel(tf, {
      format: 'graph-model',
      modelTopology: { node: [placeholder, ...nodes], versions: {} },
      weightSpecs: weights.map((name) => ({ name, shape: [], dtype: 'float32' })),
      weightData: Float32Array.from(weights, (_, i) => i + 3).buffer,
      signature,
    });

  test('inputs as the graph has them, outputs as the signature names them', async () => {
    const shape = { dim: [{ size: '-1' }, { size: '2' }, { size: '2' }, { size: '1' }] };
    const outputs = { scores: { name: 'Identity:0', dtype: 'DT_FLOAT', tensorShape: shape } };
    const model = await open([node('Sigmoid', 's', ['x']), node('Identity', 'Identity', ['s'])], [], {
      inputs: { image: { name: 'x:0' } },
      outputs,
    });
    expect(model.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['', 2, 2, 1] }]);
    expect(model.outputs).toEqual([{ name: 'scores', type: 'float32', shape: ['', 2, 2, 1] }]);
    expect(model.operatorOf('scores')).toBe('Sigmoid');
    expect(await run(model, [1, 2, 2, 1], 'scores')).toEqual(Array(4).fill(expect.closeTo(1 / (1 + Math.exp(-1)), 6)));
    model.dispose();
  });

  test('without a signature', async () => {
    const model = await open([scalar('three'), node('Mul', 'y', ['x', 'three'])], ['three']);
    expect(model.outputs).toEqual([{ name: 'y', type: 'float32', shape: [] }]);
    expect(model.operatorOf('y')).toBe('Mul');
    expect(await run(model, [2, 2, 2, 1], 'y')).toEqual(Array(8).fill(3));
    model.dispose();
  });

  test('an activation that the converter fused', async () => {
    const fused = (...ops: string[]) => ({
      T: FLOAT,
      fused_ops: { list: { s: ops.map((op) => Buffer.from(op).toString('base64')) } },
    });
    const kernel = scalar('three');
    const sigmoid = await open(
      [kernel, node('_FusedConv2D', 'y', ['x', 'three', 'three'], fused('BiasAdd', 'Sigmoid'))],
      ['three'],
    );
    expect(sigmoid.operatorOf('y')).toBe('Sigmoid');
    sigmoid.dispose();
    const relu = await open(
      [kernel, node('_FusedConv2D', 'y', ['x', 'three', 'three'], fused('BiasAdd', 'Relu'))],
      ['three'],
    );
    expect(relu.operatorOf('y')).toBe('_FusedConv2D');
    relu.dispose();
  });

  test('a shape that depends on values: it is run step by step, and nothing is left behind', async () => {
    const nodes = [
      scalar('three'),
      node('Less', 'small', ['x', 'three']),
      node('Where', 'places', ['small'], {}),
      node('Cast', 'numbers', ['places'], { SrcT: { type: 'DT_INT64' }, DstT: FLOAT }),
      node('Const', 'axes', [], {
        dtype: { type: 'DT_INT32' },
        value: { tensor: { dtype: 'DT_INT32', tensorShape: { dim: [{ size: '2' }] } } },
      }),
      node('Sum', 'sum', ['numbers', 'axes'], { T: FLOAT, keep_dims: { b: false } }),
      node('Add', 'y', ['x', 'sum']),
    ];
    const model = await openGraphModel(tf, {
      format: 'graph-model',
      modelTopology: { node: [placeholder, ...nodes], versions: {} },
      weightSpecs: [
        { name: 'three', shape: [], dtype: 'float32' },
        { name: 'axes', shape: [2], dtype: 'int32' },
      ],
      // The bits of 3 as a float, then the axes 0 and 1.
      weightData: Int32Array.of(0x40400000, 0, 1).buffer,
    });
    // Places (0,r,c,0) of the four pixels: their coordinates sum to 4.
    for (let i = 0; i < 2; i++) expect(await run(model, [1, 2, 2, 1], 'y')).toEqual(Array(4).fill(5));
    model.dispose();
  });
});

describe('what TensorFlow.js says of a model that it can’t load', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-tfjs-load-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'model.json');
  const failure = async (json: object) => {
    writeFileSync(file, JSON.stringify(json));
    const error = await loadTfjsModel(tf, file).catch((reason) => reason);
    return [error.name, error.message];
  };
  test('a layer that it does not know', async () => {
    const unknown = { class_name: 'AttentionGate', config: { name: 'gate' }, name: 'gate', inbound_nodes: [] };
    const config = { name: 'net', layers: [unknown], input_layers: [], output_layers: [] };
    expect(await failure({ modelTopology: { model_config: { class_name: 'Functional', config } } })).toEqual([
      'WorkError',
      "model.json can't be loaded by TensorFlow.js: it has the layer AttentionGate: TensorFlow.js has no such layer; save the model " +
        'as a graph model or as ONNX',
    ]);
  });
  test('anything else in its own words, with the file', async () => {
    const [name, message] = await failure({
      modelTopology: { model_config: { class_name: 'Functional', config: {} } },
    });
    expect([name, message]).toEqual([
      'WorkError',
      expect.stringMatching(/^model\.json can't be loaded by TensorFlow\.js: .+/),
    ]);
  });
});
