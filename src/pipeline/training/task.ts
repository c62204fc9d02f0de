/** What a model answers: the class of each pixel, or that of the image as a whole. */
export const TASKS = ['segmentation', 'classification'] as const;
export type Task = (typeof TASKS)[number];

/** The networks that answer it, the default first. */
export const ARCHITECTURES = {
  segmentation: ['unet-resnet50', 'small-unet'],
  classification: ['resnet50', 'small-cnn'],
} as const satisfies Record<Task, readonly string[]>;

export type Architecture = (typeof ARCHITECTURES)[Task][number];

/** The column of metrics.csv that decides which epoch is the best, unless told otherwise. */
export const MONITORS: Record<Task, string> = { segmentation: 'val_mean_dice', classification: 'val_auc' };

export function taskOf(architecture: Architecture): Task {
  const networks: readonly Architecture[] = ARCHITECTURES.classification;
  return networks.includes(architecture) ? 'classification' : 'segmentation';
}
