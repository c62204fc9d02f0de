/** A class of the label maps. Index 0 is background. */
export interface ClassSpec {
  /** Value in label maps, 0..254. */
  index: number;
  /** Stable identifier used in files and options, e.g. `covid`. */
  key: string;
  /** Name for people, e.g. `COVID-19`. */
  name: string;
  /** Other spellings that `--class` takes, compared without case, spaces and punctuation. */
  aliases: readonly string[];
}

export type LayoutName = 'covid-qu-ex' | 'masks';
export type Subset = 'infection' | 'lung';

/** What a file is to its image. `lung` and `infection` are 0/255 masks (covid-qu-ex), `label` an index mask (masks). */
export type Role = 'image' | 'lung' | 'infection' | 'label' | 'prediction';

/** How a 0/255 mask is read; `auto` decides per mask from its histogram. */
export type MaskEncoding = 'auto' | '0-255' | '0-1' | 'nonzero' | `threshold:${number}` | `equals:${number}`;

/** What an image's Non-COVID label is made from where the layout leaves it open. */
export type NonCovid = 'lung' | 'mask' | 'none';

/** Limits of the rules; every one can be set in the configuration under `thresholds`. */
export interface Thresholds {
  /** B002: most frequent class's pixels over this class's pixels. */
  imbalance: number;
  /** P003 and failure lists: IoU of an image and class below which a hit is a failure. */
  iouBelow: number;
  /** L008: components and holes of at most this many pixels are specks. */
  speckPixels: number;
  /** L006, P005: share of a class's pixels outside the lungs from which it is reported. */
  outsideShare: number;
  /** P005 of a classifier: how dense heat is inside the lungs, over its mean density, below which it is reported. */
  heatDensity: number;
  /** L007: lung share of the image below and above which a lung mask is implausible. */
  lungShareMin: number;
  lungShareMax: number;
  /** D008, D009: perceptual hashes (256 bits) that differ in at most this many bits are candidates. */
  nearDuplicateBits: number;
  /** B003: difference of shares between a split and the whole. */
  shareDifference: number;
  /** M001 and M004: difference between conventions. */
  disagreement: number;
  /** M001: a pooled score below this makes the inflated score an error. */
  pooledFloor: number;
  /** M006: fewer scored positive images than this. */
  fewPositives: number;
  /** P008: AUC with the lungs blacked out, from which a class is told by something else. */
  probeAuc: number;
  /** T003: mean Dice of training minus that of validation. */
  trainingGap: number;
  /** T005: epochs without a gain of more than `plateauGain` in the monitored figure. */
  plateauEpochs: number;
  plateauGain: number;
}

export const DEFAULT_THRESHOLDS: Thresholds = {
  imbalance: 50,
  iouBelow: 0.5,
  speckPixels: 9,
  outsideShare: 0.01,
  heatDensity: 1,
  lungShareMin: 0.02,
  lungShareMax: 0.9,
  nearDuplicateBits: 10,
  shareDifference: 0.1,
  disagreement: 0.1,
  pooledFloor: 0.1,
  fewPositives: 20,
  probeAuc: 0.75,
  trainingGap: 0.2,
  plateauEpochs: 10,
  plateauGain: 0.001,
};

/** What the label maps of a dataset mean: everything a rule or a metric may need to know about it. */
export interface DatasetSpec {
  layout: LayoutName;
  subset: Subset;
  /** In index order, background first; `classes[i].index === i`. */
  classes: readonly ClassSpec[];
  /**
   * Set where images as a whole have the classes and pixels have none (`imageLevel`): the classes of the masks then, in index order.
   * Such a dataset is counted as if each image were one pixel: `truth` of a record is 1 at the image's class and 0 elsewhere.
   */
  maskClasses?: readonly ClassSpec[];
  /** Label value that is left out of every count, or null. */
  ignoreIndex: number | null;
  nonCovid: NonCovid;
  maskEncoding: MaskEncoding;
  /** `masks`: regular expression whose first group is the patient; null where names tell none. */
  patient: string | null;
  thresholds: Thresholds;
}

/** One image and the files that go with it, paired by name. Paths are relative to the dataset folder, `/` between. */
export interface Sample {
  /** Position in the selection, from 0: the order of images.csv. */
  index: number;
  /** The image's id: its path without extension. */
  image: string;
  /** `train`, `val`, `test`, another folder's name, or '' where the dataset has no splits. */
  split: string;
  /** covid-qu-ex: `COVID-19`, `Non-COVID` or `Normal`; '' in `masks`. */
  source: string;
  imagePath: string;
  /** null: no file of that name (missing), or the layout has none. */
  lungPath: string | null;
  infectionPath: string | null;
  labelPath: string | null;
  /** The files whose absence is a fault (D001), e.g. `['infection']`. */
  missing: readonly Role[];
  /** True where `missing` holds a file without which the label map can't be made: unscored for every class. */
  unlabelled: boolean;
}
