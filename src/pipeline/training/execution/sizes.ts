import type { Margins, Pooling } from '../kernels/ops.js';
import type { LayerNode } from '../trainer.js';
import type { LayerRule } from './layer-rule.js';

const marginsOf = ({ padding }: LayerNode['config']) => (padding as number[][]).flat() as unknown as Margins;
const poolingOf = (config: LayerNode['config']): Pooling => {
  const { strides, padding, pool_size } = config as unknown as Pooling & { pool_size: Pooling['size'] };
  return { strides, padding, size: pool_size };
};

export const zeroPadding2d: LayerRule = {
  forward: ([x], { ops, config }) => ({ output: ops.pad(x, marginsOf(config)), saved: [] }),
  backward: (dy, { ops, config }) => ({ inputs: [ops.padGradient(dy, marginsOf(config))], weights: {} }),
};

export const maxPooling2d: LayerRule = {
  forward([x], { ops, config, learning, share }) {
    const y = ops.maxPool(x, poolingOf(config));
    return { output: y, saved: learning ? [share(x), share(y)] : [] };
  },
  backward: (dy, { ops, config, saved: [x, y] }) => ({
    inputs: [ops.maxPoolGradient(dy, x, y, poolingOf(config))],
    weights: {},
  }),
};

export const upSampling2d: LayerRule = {
  forward: ([x], { ops }) => ({ output: ops.upsample(x), saved: [] }),
  backward: (dy, { ops }) => ({ inputs: [ops.upsampleGradient(dy)], weights: {} }),
};

export const globalAveragePooling2d: LayerRule = {
  forward: ([x], { ops }) => ({ output: ops.averagePool(x), saved: [] }),
  backward: (dy, { ops, inputShapes: [shape] }) => ({ inputs: [ops.averagePoolGradient(dy, shape)], weights: {} }),
};
