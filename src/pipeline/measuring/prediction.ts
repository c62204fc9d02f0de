import type { ClassSpec, DatasetSpec, Sample } from '../dataset/dataset.js';
import { readEncoding } from '../dataset/encoding.js';
import type { PredictionFacts } from '../facts.js';
import type { Kernels } from '../kernels/kernels.js';
import type { RasterReader } from './raster.js';
import { SLOTS } from './truth.js';

/** Where predicted masks lie and how they are named. */
export interface PredictionFolder {
  /** Absolute path. */
  root: string;
  /** Classes that have a folder of 0/255 masks of their own; empty: index PNGs. */
  classFolders: readonly string[];
  /** Whether `<image>.png` and whether `<stem>.png` is tried. */
  nested: boolean;
  flat: boolean;
  prefix: string;
  suffix: string;
}

/** The prediction of one image; its label map lies in `SLOTS.predicted`, on a grid of width x height, where the state is `read`. */
export interface Prediction extends PredictionFacts {
  width: number;
  height: number;
}

export const NO_PREDICTION: Prediction = {
  state: 'none',
  path: '',
  fault: null,
  resizedFrom: null,
  constant: false,
  nonFinite: false,
  sumError: null,
  width: 0,
  height: 0,
};

/** Reads predicted masks. `stemIsUnique` says whether the image's stem names one image only, so that a flat file is its own. */
export function createPredictionReader(
  kernels: Kernels,
  raster: RasterReader,
  dataset: DatasetSpec,
  folder: PredictionFolder,
) {
  const painted = dataset.classes.filter(({ key }) => folder.classFolders.includes(key));

  function candidates(sample: Sample, below: string, stemIsUnique: boolean): string[] {
    const slash = sample.image.lastIndexOf('/');
    const parent = sample.image.slice(0, slash + 1);
    const name = `${folder.prefix}${sample.image.slice(slash + 1)}${folder.suffix}.png`;
    const paths: string[] = [];
    if (folder.nested) paths.push(`${below}${parent}${name}`);
    if (folder.flat && stemIsUnique && !(folder.nested && parent === '')) paths.push(`${below}${name}`);
    return paths;
  }

  async function readFirst(
    paths: readonly string[],
    slot: typeof SLOTS.predicted | typeof SLOTS.scratch,
    values: 'gray' | 'index',
  ) {
    let last = null;
    for (const path of paths) {
      const read = raster.read('prediction', path, slot, values);
      last = read instanceof Promise ? await read : read;
      if (last.state !== 'missing') return last;
    }
    return last;
  }

  async function readIndex(sample: Sample, stemIsUnique: boolean): Promise<Prediction> {
    const facts = await readFirst(candidates(sample, '', stemIsUnique), SLOTS.predicted, 'index');
    if (facts === null) return missing(ambiguity(sample, stemIsUnique));
    const { path, width, height } = facts;
    if (facts.state === 'missing') return missing(null);
    if (facts.state !== 'read') return { ...NO_PREDICTION, state: 'unreadable', path, fault: facts.fault };
    if (!facts.lossless) {
      const kind = `${facts.bitDepth}-bit ${facts.channels === 1 ? 'single-channel' : `${facts.channels}-channel`} ${facts.format}`;
      const fault = `a ${kind} picture, not a map of class indices`;
      return { ...NO_PREDICTION, state: 'unreadable', path, fault };
    }
    return { ...NO_PREDICTION, state: 'read', path, width, height };
  }

  async function readClassMasks(sample: Sample, stemIsUnique: boolean): Promise<Prediction> {
    let result: Prediction | null = null;
    const absent: string[] = [];
    for (const spec of painted) {
      const facts = await readFirst(candidates(sample, `${spec.key}/`, stemIsUnique), SLOTS.scratch, 'gray');
      if (facts === null) return missing(ambiguity(sample, stemIsUnique));
      if (facts.state === 'missing') {
        absent.push(spec.key);
        continue;
      }
      const { path, width, height } = facts;
      if (facts.state !== 'read') return { ...NO_PREDICTION, state: 'unreadable', path, fault: facts.fault };
      if (result && (result.width !== width || result.height !== height)) {
        const fault = `${width} x ${height}, where another class's mask is ${result.width} x ${result.height}`;
        return { ...NO_PREDICTION, state: 'unreadable', path, fault };
      }
      if (!result) {
        kernels.store(SLOTS.predicted, new Uint8Array(width * height));
        result = { ...NO_PREDICTION, state: 'read', path, width, height };
      }
      paintClass(spec, width, height);
    }
    if (result === null) return missing(null);
    if (absent.length === 0) return result;
    return { ...missing(`no mask of ${absent.join(', ')}, where other classes have one`), path: result.path };
  }

  /** Later classes lie over earlier ones, as an infection lies over the lungs. */
  function paintClass(spec: ClassSpec, width: number, height: number): void {
    const pixels = width * height;
    if (!kernels.surveyMask(SLOTS.scratch, width, height).clean) {
      const { table } = readEncoding(kernels.histogram(SLOTS.scratch, pixels), 'auto');
      kernels.applyTable(SLOTS.scratch, pixels, table, SLOTS.scratch);
    }
    kernels.paint(SLOTS.scratch, spec.index, pixels, SLOTS.predicted);
  }

  return painted.length > 0 ? readClassMasks : readIndex;
}

function missing(fault: string | null): Prediction {
  return { ...NO_PREDICTION, state: 'missing', fault };
}

function ambiguity(sample: Sample, stemIsUnique: boolean): string | null {
  const stem = sample.image.slice(sample.image.lastIndexOf('/') + 1);
  return stemIsUnique ? null : `several images are named ${stem}: put predictions into folders like the images'`;
}
