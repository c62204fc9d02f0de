import type { DatasetSpec, MaskEncoding, Role, Sample } from './dataset/dataset.js';
import type { GateRecord } from './record.js';

/** What was seen of one file while it was read. */
export interface FileFacts {
  role: Role;
  /** As in Sample: relative, `/` between. */
  path: string;
  /** `header`: only size and format were read, the pixels were not needed. */
  state: 'missing' | 'unreadable' | 'header' | 'read';
  /** Why it is unreadable, one clause without the path: `truncated: IDAT ends after 812 of 1203 bytes`. */
  fault: string | null;
  width: number;
  height: number;
  /** `png`, `jpeg`, `tiff`, ... */
  format: string;
  /** Bits per sample in the file: 1, 2, 4, 8, 16. */
  bitDepth: number;
  /** 1 gray or palette, 2 gray+alpha, 3 RGB, 4 RGBA. */
  channels: number;
  palette: boolean;
  /** An alpha channel or a tRNS chunk. */
  alpha: boolean;
  interlaced: boolean;
  /** True where 8-bit single-channel values could be made from it without loss (e.g. R = G = B, alpha 255). */
  lossless: boolean;
  /** Pixels that are drawn in the alpha channel alone: visible ones of a picture that is black throughout and partly transparent. */
  alphaOnly: number;
  /** Masks and labels that were read. */
  mask: MaskFacts | null;
}

/** The values of a mask, and what its encoding made of them. */
export interface MaskFacts {
  /** Pixels of each value 0..255. */
  histogram: ArrayLike<number>;
  /** The encoding in force for the dataset. */
  stated: MaskEncoding;
  /** What it came to for this mask, never `auto`; `index` for label masks. */
  applied: Exclude<MaskEncoding, 'auto'> | 'index';
  /** Pixels that the unforced reading (what `auto` would do; any non-zero pixel where auto finds none, else `alphaOnly`) takes as on. */
  rawOn: number;
  /** Pixels that the encoding in force takes as on. */
  encodedOn: number;
}

/** Specks and holes of one mask: connected components of at most `thresholds.speckPixels` pixels. */
export interface StructureFacts {
  role: Role;
  /** Class key that the mask stands for. */
  class: string;
  path: string;
  /** 8-connected foreground components, all of them. */
  components: number;
  specks: number;
  speckPixels: number;
  /** 4-connected background components that don't touch the border and are small. */
  holes: number;
  holePixels: number;
}

/** The lung mask alone. */
export interface LungFacts {
  path: string;
  /** Pixels on, of width x height. */
  pixels: number;
  width: number;
  height: number;
  /** Pixels on in the left and the right half of the image. */
  left: number;
  right: number;
  /** Pixels on among the border's pixels (outermost rows and columns), and how many border pixels there are. */
  border: number;
  borderPixels: number;
}

/** What was predicted for an image, before it is compared. */
export interface PredictionFacts {
  state: 'none' | 'missing' | 'unreadable' | 'read';
  /** Relative to the folder of predictions; '' for a model. */
  path: string;
  fault: string | null;
  /** Size of the prediction where it was brought to the annotation's, else null. */
  resizedFrom: { width: number; height: number } | null;
  /** A model's output that is the same everywhere, or holds NaN or infinities. */
  constant: boolean;
  nonFinite: boolean;
  /** Of a model's softmax, how far the sum of a pixel's probabilities is from 1 at most; null where there is none. */
  sumError: number | null;
}

/** Everything that the rules about one image may look at. C is the number of classes. */
export interface ImageFacts {
  dataset: DatasetSpec;
  sample: Sample;
  files: Partial<Record<Role, FileFacts>>;
  /** Pixels per class of the annotation, or null where it could not be made. */
  truth: readonly number[] | null;
  /** Row-major C x C, rows truth; null where unscored. */
  confusion: readonly number[] | null;
  maxProbability: readonly (number | null)[] | null;
  lung: LungFacts | null;
  structures: readonly StructureFacts[];
  /** Pixels of each class outside the lung mask: in the annotation's infection mask and in the prediction; null without lung mask. */
  truthOutside: readonly number[] | null;
  predictedOutside: readonly number[] | null;
  /** Infection-mask pixels (encoded) of the image whatever its source; null where there is no such mask. */
  infectionPixels: number | null;
  prediction: PredictionFacts;
  /** What a hybrid's gate said of it, and the probabilities that it asks for (length C, null for a class that it does not gate). */
  gate: (GateRecord & { thresholds: readonly (number | null)[] }) | null;
  /** As in the record; null also where there are no heat maps. */
  heatInLungs: number | null;
  /** Share of the picture that its lung mask covers, 0 to 1; null where no share of heat is known. */
  lungShare: number | null;
}
