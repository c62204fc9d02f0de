import { NO_AUGMENTATION } from '../../../src/pipeline/training/data/augmentation.js';
import type { TrainRequest } from '../../../src/pipeline/training/train-request.js';

export const NETWORK = { architecture: 'small-unet', height: 32, width: 32, channels: 1, decoder: 'upsample' } as const;

/** A short training of a small network on the dataset `root` into the folder `out`. */
export function madeRequest(root: string, out: string, change: Partial<TrainRequest> = {}): TrainRequest {
  return {
    ...{ task: 'segmentation', root, layout: 'auto', subset: null, config: {} },
    ...{ resplit: false, force: false, preprocess: null, encoderWeights: 'none', freeze: 'none', unfreeze: [] },
    network: NETWORK,
    loss: { terms: [{ weight: 1, kind: 'cross-entropy', classWeights: null, normalise: 'weights' }] },
    ...{ classWeights: 'none', optimizer: { kind: 'adam', clipNorm: null }, epochs: 2, batch: 4 },
    schedule: { kind: 'cosine', rate: 0.01, warmUp: 2, every: 1, factor: 0.1 },
    ...{
      labelClasses: null,
      sensitivities: {},
      monitor: 'val_mean_dice',
      earlyStopping: null,
      oversample: {},
      crop: { share: 1, classes: [] },
    },
    augmentation: { ...NO_AUGMENTATION, flip: 'horizontal', rotate: 10 },
    ...{ seed: 3, jobs: 2, device: 'cpu', out, resume: false },
    ...{ select: null, ignore: [], severity: {}, argv: ['train'] },
    ...change,
  };
}
