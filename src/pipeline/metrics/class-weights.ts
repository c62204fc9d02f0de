import { WEIGHT_FORMULAS, type WeightFormula } from '../summary.js';
import { quantile } from './quantile.js';

/** How often a class occurs in the annotations. */
export interface ClassFrequency {
  /** Annotated pixels of the class. */
  pixels: number;
  /** Images with a pixel of it. */
  images: number;
  /** All annotated pixels of those images. */
  imagePixels: number;
}

export type ClassWeights = Record<WeightFormula, number | null>;
export type LossShare = Record<WeightFormula | 'none', number | null>;

/** Cui et al.: the larger, the nearer to the inverse frequency. */
const BETA = 0.9999;
/** ENet: keeps the logarithm away from 0, so that weights stay below 1 / ln 1.02 = 50.5. */
const ENET_OFFSET = 1.02;

type Formula = (classes: readonly ClassFrequency[], ofImages: boolean) => (of: ClassFrequency) => number;

/**
 * The four formulas over all declared classes C, with n_c pixels of class c, N of all and m_c images that contain c:
 * - inverse frequency N / (C n_c)
 * - median frequency median(f) / f_c, f_c = n_c / pixels of the images that contain c: Eigen and Fergus 2015,
 *   arXiv:1411.4734. Where images are of one class as a whole, and counted as one pixel each, that would be 1 for every
 *   class: there f_c = n_c / N, the share of the images
 * - effective number (1 - b) / (1 - b^m_c), scaled to sum to the number of classes that occur: Cui et al. 2019,
 *   arXiv:1901.05555
 * - ENet 1 / ln(1.02 + n_c / N): Paszke et al. 2016, arXiv:1606.02147
 */
const FORMULAS: Record<WeightFormula, Formula> = {
  inverseFrequency: (classes) => {
    const all = pixelsOf(classes);
    return ({ pixels }) => all / (classes.length * pixels);
  },
  medianFrequency: (classes, ofImages) => {
    const all = pixelsOf(classes);
    const frequency = ({ pixels, imagePixels }: ClassFrequency) => pixels / (ofImages ? all : imagePixels);
    const median = quantile(
      classes
        .filter(occurs)
        .map(frequency)
        .sort((a, b) => a - b),
      0.5,
    );
    return (of) => (median ?? 0) / frequency(of);
  },
  effectiveNumber: (classes) => {
    // 1 - b^m through expm1 keeps all digits for small m; the numerator 1 - b is lost in the scaling.
    const raw = ({ images }: ClassFrequency) => -1 / Math.expm1(images * Math.log(BETA));
    const present = classes.filter(occurs);
    const scale = present.length / present.reduce((sum, of) => sum + raw(of), 0);
    return (of) => raw(of) * scale;
  },
  enetLog: (classes) => {
    const all = pixelsOf(classes);
    return ({ pixels }) => 1 / Math.log(ENET_OFFSET + pixels / all);
  },
};

/**
 * Weights of every class by every formula; null for a class that never occurs.
 * @param ofImages whether images are of one class as a whole, and counted as one pixel each
 */
export function classWeights(classes: readonly ClassFrequency[], ofImages: boolean): ClassWeights[] {
  const weigh = WEIGHT_FORMULAS.map((name) => [name, FORMULAS[name](classes, ofImages)] as const);
  return classes.map(
    (of) => Object.fromEntries(weigh.map(([name, weight]) => [name, occurs(of) ? weight(of) : null])) as ClassWeights,
  );
}

/**
 * Share of a pixel-mean cross-entropy's total weight that each class gets, w_c n_c / sum_k w_k n_k, 0..1; `none` with
 * all weights 1. A class that never occurs gets 0 whatever its weight; null where no class does.
 */
export function lossShares(classes: readonly ClassFrequency[], weights: readonly ClassWeights[]): LossShare[] {
  const shares = (['none', ...WEIGHT_FORMULAS] as const).map((name) => {
    const parts = classes.map(({ pixels }, c) => (name === 'none' ? pixels : pixels * (weights[c][name] ?? 0)));
    const all = parts.reduce((sum, part) => sum + part, 0);
    return [name, parts.map((part) => (all === 0 ? null : part / all))] as const;
  });
  return classes.map((_, c) => Object.fromEntries(shares.map(([name, share]) => [name, share[c]])) as LossShare);
}

function occurs({ pixels }: ClassFrequency): boolean {
  return pixels > 0;
}

function pixelsOf(classes: readonly ClassFrequency[]): number {
  return classes.reduce((sum, { pixels }) => sum + pixels, 0);
}
