import type { Tensor } from '@tensorflow/tfjs-core';
import type { Convolution } from '../kernels/ops.js';
import type { LayerNode } from '../trainer.js';
import type { LayerRule } from './layer-rule.js';

const convolutionOf = (config: LayerNode['config']) => config as unknown as Convolution;

/** Without its activation: the last layer's softmax is the loss's affair. */
export const conv2d: LayerRule = {
  forward([x], { ops, config, weights: { kernel, bias }, learning, share }) {
    const convolved = ops.conv(x, kernel as Tensor, convolutionOf(config));
    const saved = learning ? [share(x)] : [];
    if (bias === undefined) return { output: convolved, saved };
    const output = ops.addBias(convolved, bias);
    convolved.dispose();
    return { output, saved };
  },
  backward(dy, { ops, config, weights: { kernel, bias }, saved: [x], inputShapes: [shape], wanted, learns }) {
    const by = convolutionOf(config);
    return {
      inputs: [wanted[0] ? ops.convInputGradient(shape, kernel as Tensor, dy, by) : null],
      weights: learns
        ? {
            kernel: ops.convKernelGradient(x, (kernel as Tensor).shape, dy, by),
            ...(bias ? { bias: ops.biasGradient(dy) } : {}),
          }
        : {},
    };
  },
};

/** A convolution's gradient, and the other way about: what is its input there is the output here. */
export const conv2dTranspose: LayerRule = {
  forward([x], { ops, config, weights, learning, share }) {
    const kernel = weights.kernel as Tensor;
    const { strides } = convolutionOf(config);
    const [n, height, width] = x.shape as [number, number, number, number];
    const shape = [n, height * strides[0], width * strides[1], kernel.shape[2] as number];
    return {
      output: ops.convInputGradient(shape, kernel, x, convolutionOf(config)),
      saved: learning ? [share(x)] : [],
    };
  },
  backward(dy, { ops, config, weights, saved: [x], wanted, learns }) {
    const kernel = weights.kernel as Tensor;
    const by = convolutionOf(config);
    return {
      inputs: [wanted[0] ? ops.conv(dy, kernel, by) : null],
      weights: learns ? { kernel: ops.convKernelGradient(dy, kernel.shape, x, by) } : {},
    };
  },
};
