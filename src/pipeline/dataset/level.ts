import { UsageError } from '../errors.js';
import type { DatasetSpec } from './dataset.js';
import { imageLevel, isImageLevel } from './image-level.js';

/** Whether pixels have the classes of a run or images as a whole do; `auto`: the model decides, without one pixels do. */
export const LEVELS = ['auto', 'pixel', 'image'] as const;
export type LevelChoice = (typeof LEVELS)[number];

interface LevelQuestion {
  level: LevelChoice;
  /** `masks`: the classes that an image may be of, as the user wrote them; null: each but background. */
  labelClasses: readonly string[] | null;
  model: string | null;
  predictions: string | null;
}

/** A dataset as a segmenter or as a classifier sees it; both where the model decides. */
export interface LevelledDataset {
  dataset: DatasetSpec;
  asImages?: DatasetSpec;
}

/** @throws UsageError where what was asked for is about pixels and about images at once. */
export function datasetAtLevel(
  spec: DatasetSpec,
  { level, labelClasses, model, predictions }: LevelQuestion,
): LevelledDataset {
  if (level === 'image' && predictions !== null) {
    throw new UsageError(
      '--level image is about images as a whole, and --predictions names label masks of their pixels: a classifier is audited by --model',
    );
  }
  if (level === 'image') return { dataset: imageLevel(spec, labelClasses) };
  if (level === 'auto' && model !== null) return { dataset: spec, asImages: imageLevel(spec, labelClasses) };
  return { dataset: spec };
}

/** What to say where classes of images were named and nobody asks for them; null where they are used, or none were. */
export function unusedLabelClasses(
  dataset: DatasetSpec,
  { labelClasses }: Pick<LevelQuestion, 'labelClasses'>,
): string | null {
  if (labelClasses === null) return null;
  if (!isImageLevel(dataset))
    return '--label-class is not used: it names classes of images, and this run is about pixels';
  if (dataset.layout === 'masks') return null;
  return '--label-class is not used: in covid-qu-ex the source folder says what an image is';
}
