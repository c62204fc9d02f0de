import path from 'node:path';
import { WorkError } from '../../errors.js';
import type { NamedTensor } from '../trainer.js';
import { type Download, imagenetFile } from './imagenet.js';
import { readKerasWeights } from './keras-weights.js';

/** Keras's names of the layers of a ResNet50 that have weights: `conv1_conv`, `conv2_block1_0_bn`. */
const OF_RESNET50 = /^conv[1-5]_(block\d+_\d_)?(conv|bn)\//;

/**
 * The weights of a ResNet50 by Keras's names: of a file, which may hold more than the encoder (a top, a whole U-Net), or `imagenet`.
 * @throws UsageError where there is no such file, WorkError where it can't be had or holds no ResNet50
 */
export async function encoderWeights(choice: string, download: Download): Promise<NamedTensor[]> {
  const file = choice === 'imagenet' ? await imagenetFile(download) : choice;
  const all = await readKerasWeights(file);
  const encoder = all.filter(({ name }) => OF_RESNET50.test(name));
  if (encoder.length > 0) return encoder;
  const layers = [...new Set(all.map(({ name }) => name.replace(/\/[^/]*$/, '')))];
  const seen =
    layers.length > 0
      ? `its layers are ${layers.slice(0, 5).join(', ')}${layers.length > 5 ? ', ...' : ''}`
      : 'it is empty';
  throw new WorkError(`${path.basename(file)} holds no ResNet50 by the names of Keras (conv1_conv, ...): ${seen}`);
}
