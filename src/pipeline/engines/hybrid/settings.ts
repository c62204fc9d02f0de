import { normaliseName, resolveClasses } from '../../dataset/classes.js';
import type { ClassSpec, DatasetSpec } from '../../dataset/dataset.js';
import { isImageLevel } from '../../dataset/image-level.js';
import { UsageError } from '../../errors.js';
import { type Hybrid, readHybrid } from './hybrid-file.js';

/** What a hybrid is on a dataset: all of it that decides what a run's records and figures are. The journal's header holds it. */
export interface HybridSettings {
  /** By class key: an image goes on to the class's segmenter where the gate's probability of it is at least this. */
  thresholds: Record<string, number>;
  /** Whether the segmenters looked at every image. */
  segmentAll: boolean;
  /** Paths as the hybrid file has them. */
  gate: string;
  /** Each model once, with the keys of its classes in the dataset. */
  segmenters: { model: string; classes: string[] }[];
}

/** A class that a gate decides about. */
export interface GatedClass {
  spec: ClassSpec;
  threshold: number;
  /** Index in `segmenters` of the model that marks it. */
  segmenter: number;
}

/**
 * What the model of a run is on its dataset; null where it is no hybrid.
 * @throws UsageError for a fault of the file, and where a model that is none was to segment all
 */
export function hybridSettings(
  { model, segmentAll }: { model: string | null; segmentAll: boolean },
  dataset: DatasetSpec,
): HybridSettings | null {
  const hybrid = model === null ? null : readHybrid(model);
  if (hybrid !== null && isImageLevel(dataset)) {
    throw new UsageError(`--level image is about images as a whole, and ${hybrid.name} marks pixels: audit its gate`);
  }
  if (hybrid !== null) return settleHybrid(hybrid, dataset, segmentAll);
  if (!segmentAll) return null;
  throw new UsageError('--segment-all is for hybrids, whose gate keeps images back: another model sees all of them');
}

/**
 * The classes of a hybrid file as the dataset has them.
 * @throws UsageError for a class that the dataset has not, and for one that is named twice, in two ways
 */
export function settleHybrid(hybrid: Hybrid, dataset: DatasetSpec, segmentAll: boolean): HybridSettings {
  const seen = new Map<string, string>();
  const thresholds: Record<string, number> = {};
  const segmenters = hybrid.segmenters.map(({ model, classes }) => ({
    model,
    classes: classes.map((written) => {
      const { key } = classOf(written, dataset, hybrid.name);
      const twin = seen.get(key);
      if (twin !== undefined) {
        throw new UsageError(`"hybrid.segmenter" of ${hybrid.name} names ${key} twice: as "${twin}" and "${written}"`);
      }
      seen.set(key, written);
      thresholds[key] = hybrid.thresholds[written];
      return key;
    }),
  }));
  return { thresholds, segmentAll, gate: hybrid.gate, segmenters };
}

function classOf(written: string, dataset: DatasetSpec, name: string): ClassSpec {
  const at = `"hybrid.segmenter" of ${name}`;
  let spec: ClassSpec;
  try {
    [spec] = resolveClasses([written], dataset.classes);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${at}: ${error.message}`);
  }
  // Indices are for the command line: in a file they would mean something else for each dataset.
  if (normaliseName(written) === String(spec.index)) throw new UsageError(`${at}: a key is expected, not "${written}"`);
  if (spec.index > 0) return spec;
  throw new UsageError(`${at}: ${spec.key} is what no segmenter marks; it needs none`);
}

/** The threshold of each class of the dataset, by index; null for a class that the gate does not decide about. */
export function thresholdsByIndex(
  { thresholds }: Pick<HybridSettings, 'thresholds'>,
  { classes }: Pick<DatasetSpec, 'classes'>,
): (number | null)[] {
  return classes.map(({ key }) => thresholds[key] ?? null);
}

/** In the order of the dataset's classes. */
export function gatedClasses(
  { segmenters, thresholds }: HybridSettings,
  { classes }: Pick<DatasetSpec, 'classes'>,
): GatedClass[] {
  return classes.flatMap((spec) => {
    const segmenter = segmenters.findIndex((of) => of.classes.includes(spec.key));
    return segmenter < 0 ? [] : [{ spec, threshold: thresholds[spec.key], segmenter }];
  });
}
