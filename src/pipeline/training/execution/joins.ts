import type { LayerRule } from './layer-rule.js';

export const concatenate: LayerRule = {
  forward: (inputs, { ops }) => ({ output: ops.concat(inputs), saved: [] }),
  backward(dy, { ops, inputShapes, wanted }) {
    const parts = ops.split(
      dy,
      inputShapes.map((shape) => shape[3]),
    );
    for (const [index, part] of parts.entries()) if (!wanted[index]) part.dispose();
    return { inputs: parts.map((part, index) => (wanted[index] ? part : null)), weights: {} };
  },
};

export const add: LayerRule = {
  forward: ([a, b], { ops }) => ({ output: ops.add(a, b), saved: [] }),
  backward: (dy, { wanted, share }) => ({ inputs: wanted.map((is) => (is ? share(dy) : null)), weights: {} }),
};
