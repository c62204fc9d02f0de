import type { DatasetSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import { UsageError } from '../errors.js';
import { type ClassFrequency, classWeights } from '../metrics/class-weights.js';
import type { LossSpec } from './losses/loss-spec.js';
import type { TrainRequest } from './train-request.js';

/**
 * The weight of each class in the loss; null for none. A class that never occurs gets 0 from a formula: no pixel asks for it.
 * @throws UsageError where another number of weights was given than there are classes
 */
export function weightsOf(
  asked: TrainRequest['classWeights'],
  dataset: Pick<DatasetSpec, 'classes' | 'maskClasses'>,
  frequencies: readonly ClassFrequency[] | null,
): number[] | null {
  if (asked === 'none') return null;
  if (typeof asked !== 'string') {
    const { classes } = dataset;
    if (asked.length === classes.length) return [...asked];
    const names = classes.map(({ key }) => key).join(', ');
    throw new UsageError(
      `--class-weights ${asked.join(',')}: ${asked.length} weights for ${classes.length} classes; one each of ${names} is needed, in that order`,
    );
  }
  if (frequencies === null) return null;
  return classWeights(frequencies, isImageLevel(dataset)).map((weights) => weights[asked] ?? 0);
}

/** The loss with its classes weighted, where its terms take weights. */
export function weightedLoss({ terms }: LossSpec, weights: readonly number[] | null): LossSpec {
  return {
    terms: terms.map((term) =>
      term.kind === 'cross-entropy' || term.kind === 'focal' ? { ...term, classWeights: weights } : term,
    ),
  };
}
