import type { BatchNormScale } from '../kernels/ops.js';
import type { LayerNode } from '../trainer.js';
import type { LayerRule } from './layer-rule.js';

const epsilonOf = (config: LayerNode['config']) => config.epsilon as number;

export const batchNormalization: LayerRule = {
  forward([x], { ops, config, weights, training, learning, share }) {
    const { gamma, beta, moving_mean, moving_variance } = weights as Required<typeof weights>;
    if (!training) {
      const scale: BatchNormScale = { gamma, beta, mean: moving_mean, variance: moving_variance };
      return { output: ops.batchNormInference(x, scale, epsilonOf(config)), saved: [] };
    }
    const { y, mean, variance, saved } = ops.batchNorm(x, gamma, beta, epsilonOf(config));
    if (!learning) for (const tensor of saved) tensor.dispose();
    return { output: y, saved: learning ? [share(x), ...saved] : [], statistics: { mean, variance } };
  },
  backward(dy, { ops, config, weights, saved: [x, ...saved] }) {
    const { gamma } = weights as Required<typeof weights>;
    const gradient = ops.batchNormGradient(dy, x, gamma, saved, epsilonOf(config));
    return { inputs: [gradient.x], weights: { gamma: gradient.gamma, beta: gradient.beta } };
  },
};

export const relu: LayerRule = {
  forward([x], { ops, learning, share }) {
    const y = ops.relu(x);
    return { output: y, saved: learning ? [share(y)] : [] };
  },
  backward: (dy, { ops, saved: [y] }) => ({ inputs: [ops.reluGradient(dy, y)], weights: {} }),
};
