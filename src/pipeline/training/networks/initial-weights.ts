import { createRandom } from '../../random.js';
import type { WeightSpec } from './weight-specs.js';

/**
 * A weight's first values. Kernels are drawn as He et al. 2015 have it for ReLU: uniform, with variance 2 / inputs; that of the last
 * layer, whose activation is a softmax, with variance 1 / inputs. By seed and name: no weight's values depend on another weight.
 */
export function initialWeight({ name, role, shape, fanIn }: WeightSpec, last: boolean, seed: number): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  if (role === 'gamma' || role === 'moving_variance') return values.fill(1);
  if (role !== 'kernel') return values;
  const random = createRandom(seed, name);
  // Uniform in [-a, a) has variance a^2 / 3.
  const limit = Math.sqrt((3 * (last ? 1 : 2)) / fanIn);
  for (let i = 0; i < values.length; i++) values[i] = random.between(-limit, limit);
  return values;
}
