import { type Augmentation, NO_AUGMENTATION } from '../pipeline/training/data/augmentation.js';
import type { Schedule } from '../pipeline/training/schedules.js';
import type { Task } from '../pipeline/training/task.js';

interface TrainDefaults {
  epochs: number;
  batch: number;
  schedule: Schedule['kind'];
  crop: number;
  augment: Augmentation;
}

/**
 * What a training does unless told otherwise. Masks say something of each pixel, an image's label says one thing: a classifier learns
 * few images by heart, and gets to see them in many forms (BENCHMARKS.md, "Classifiers", has what that is worth).
 */
export const TRAIN_DEFAULTS: Record<Task, TrainDefaults> = {
  segmentation: { epochs: 20, batch: 8, schedule: 'constant', crop: 1, augment: NO_AUGMENTATION },
  classification: {
    ...{ epochs: 40, batch: 16, schedule: 'cosine', crop: 0.85 },
    augment: { flip: 'horizontal', rotate: 15, scale: 0.25, brightness: 0.1, contrast: 0.2 },
  },
};

/** What the help says of such a default. */
export function defaultText(key: keyof TrainDefaults): string {
  const [segmentation, classification] = [TRAIN_DEFAULTS.segmentation, TRAIN_DEFAULTS.classification].map((defaults) =>
    words(defaults[key]),
  );
  return `${segmentation}, to classify ${classification}`;
}

/** As the option takes it. */
function words(value: TrainDefaults[keyof TrainDefaults]): string {
  if (value === NO_AUGMENTATION) return 'none';
  if (typeof value !== 'object') return `${value}`;
  return Object.entries(value)
    .map(([what, how]) => `${what}=${how}`)
    .join(',');
}
