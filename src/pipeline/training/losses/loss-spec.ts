/** A loss as plain data: the sum of its terms, each times its weight. Pixels with the label `IGNORED` count in none of them. */
export interface LossSpec {
  terms: readonly LossTerm[];
}

export type LossTerm = { weight: number } & (CrossEntropySpec | FocalSpec | DiceSpec | TverskySpec);

/**
 * What the sum over pixels is divided by: `weights` by the sum of their class weights (PyTorch's mean), `pixels` by their number
 * (Keras's mean with class weights). Without class weights it is the same.
 */
export type Normalisation = 'weights' | 'pixels';

/** -log p of the true class, times the class's weight. */
export interface CrossEntropySpec {
  kind: 'cross-entropy';
  /** One a class, not negative; null: all 1. */
  classWeights: readonly number[] | null;
  normalise: Normalisation;
}

/** Lin et al. 2017: -(1 - p)^gamma log p of the true class, times the class's weight. */
export interface FocalSpec {
  kind: 'focal';
  /** Not negative; 2 in the paper, 0 is cross-entropy. */
  gamma: number;
  classWeights: readonly number[] | null;
  normalise: Normalisation;
}

/** What overlaps are counted over, and of which classes: 1 - their mean. */
interface OverlapSpec {
  /** `batch`: sums over all images of the batch first; `image`: a score an image, then their mean. */
  over: 'batch' | 'image';
  /** Whether class 0 is one of the classes. */
  background: boolean;
  /** Added above and below the line; where a class is in neither, the score is 1. Above 0. */
  smooth: number;
}

/** 1 - mean over classes of (2 sum(p t) + smooth) / (sum p + sum t + smooth); Milletari et al. 2016, without squares. */
export interface DiceSpec extends OverlapSpec {
  kind: 'dice';
}

/**
 * 1 - mean over classes of (tp + smooth) / (tp + alpha fp + beta fn + smooth), tp = sum(p t), fp = sum(p (1 - t)), fn =
 * sum((1 - p) t); Salehi et al. 2017. Alpha = beta = 0.5 is Dice with half its `smooth`.
 */
export interface TverskySpec extends OverlapSpec {
  kind: 'tversky';
  alpha: number;
  beta: number;
}
