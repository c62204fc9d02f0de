import type { Convention } from '../summary.js';

/** What is added up of one class and one measure (IoU or Dice) while images go by; all that the conventions need. */
export interface ScoreSums {
  /** The measure of the counts summed over all scored images; null where the class is in none of their masks. */
  pooled: number | null;
  /** Scored images. */
  images: number;
  /** Smoothed measure, summed over all of them. */
  smoothed: number;
  /** Images with the class in either mask, and the measure summed over them. */
  definedImages: number;
  defined: number;
  /** Images with the class in the truth, and the measure summed over them. */
  truthImages: number;
  truth: number;
  /**
   * Batches of scored images (the last may be short), and the smoothed measure of each batch's summed counts, summed.
   */
  batches: number;
  batched: number;
}

/** A convention as people read it, beside its formula. */
export interface ConventionPage {
  name: Convention;
  /** What is averaged over what, one line. */
  definition: string;
  /** The tools whose figure this is; versions where fixtures/reference has measured a change. */
  reportedBy: string;
  /** What an image with the class in neither mask does to it. */
  emptyImages: string;
  /** The score, 0..1; null where undefined. */
  score(sums: ScoreSums): number | null;
}

/** Every convention, the headline first: their order everywhere. */
export const CONVENTION_PAGES: Record<Convention, ConventionPage> = {
  pooled: {
    name: 'pooled',
    definition: 'tp, fp and fn are summed over all images first, then divided',
    reportedBy: 'FiftyOne, Cityscapes, torchmetrics JaccardIndex; the headline here',
    emptyImages: 'change nothing',
    score: (sums) => sums.pooled,
  },
  imageMean: {
    name: 'imageMean',
    definition: 'mean over the images where the score is defined: the class is in the truth or in the prediction',
    reportedBy: 'nnU-Net; torchmetrics MeanIoU and DiceScore (1.9)',
    emptyImages: 'are left out; a false alarm on a negative image counts as 0',
    score: ({ defined, definedImages }) => mean(defined, definedImages),
  },
  imageMeanTruth: {
    name: 'imageMeanTruth',
    definition: 'mean over the images with the class in the truth',
    reportedBy: 'MONAI (its default)',
    emptyImages: 'are left out, and with them the false alarms on negative images',
    score: ({ truth, truthImages }) => mean(truth, truthImages),
  },
  imageMeanSmoothed: {
    name: 'imageMeanSmoothed',
    definition: '1e-5 is added to both terms of each image, mean over all images',
    reportedBy: 'many Keras notebooks; to 1e-5 also MedPy 0.5 and segmentation_models.pytorch by default',
    emptyImages: 'score a perfect 1',
    score: ({ smoothed, images }) => mean(smoothed, images),
  },
  batchSmoothed: {
    name: 'batchSmoothed',
    definition: 'counts are summed in each batch (--metric-batch), 1e-5 is added to both terms, mean over batches',
    reportedBy: 'segmentation_models (Keras)',
    emptyImages: 'score a perfect 1 where the whole batch is empty, so that the score depends on the batch size',
    score: ({ batched, batches }) => mean(batched, batches),
  },
  absentAsZero: {
    name: 'absentAsZero',
    definition: 'mean over all images, an undefined score counting as 0',
    reportedBy: 'older torchmetrics (1.5), MedPy 0.4',
    emptyImages: 'score 0, even where nothing was there to find',
    score: ({ defined, images }) => mean(defined, images),
  },
};

function mean(sum: number, count: number): number | null {
  return count === 0 ? null : sum / count;
}
