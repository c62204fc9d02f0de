import { isLung } from '../dataset/classes.js';
import type { DatasetSpec, Sample } from '../dataset/dataset.js';
import { readEncoding } from '../dataset/encoding.js';
import type { Kernels } from '../kernels/kernels.js';
import type { RasterReader } from './raster.js';
import { SLOTS } from './truth.js';

/** Where the lungs of an image are: a byte a pixel, not 0 inside, row by row. */
export interface Lungs {
  width: number;
  height: number;
  inside: Uint8Array;
}

/** Whether a dataset tells where the lungs are: by masks of their own, or by a class of that name. */
export function knowsLungs(dataset: DatasetSpec): boolean {
  return dataset.layout === 'covid-qu-ex' || lungTable(dataset) !== null;
}

/**
 * `masks`: 255 for each value of a mask that lies in the lungs: those of a class of that name, and of the others, since a lesion that
 * is painted over the lung is in it; at image level, of those that images are told by. null where no class is called so.
 */
export function lungTable({ classes, maskClasses, ignoreIndex }: DatasetSpec): Uint8Array | null {
  const specs = maskClasses ?? classes;
  if (!specs.some(isLung)) return null;
  const table = new Uint8Array(256);
  for (const spec of specs) {
    const isTold = classes.some(({ index, key }) => index > 0 && key === spec.key);
    if (spec.index !== ignoreIndex && (isTold || isLung(spec))) table[spec.index] = 255;
  }
  return table;
}

/** Reads the lungs of an image; null where there is no mask that can be read, or none of its pixels is on. */
export function createLungReader(kernels: Kernels, raster: RasterReader, dataset: DatasetSpec) {
  const labelled = dataset.layout === 'masks' ? lungTable(dataset) : null;

  return async function read(sample: Sample): Promise<Lungs | null> {
    const path = labelled === null ? sample.lungPath : sample.labelPath;
    if (path === null) return null;
    const [role, values] = labelled === null ? (['lung', 'gray'] as const) : (['label', 'index'] as const);
    const file = await raster.read(role, path, SLOTS.scratch, values);
    if (file.state !== 'read') return null;
    const { width, height } = file;
    const pixels = width * height;
    const table = labelled ?? readEncoding(kernels.histogram(SLOTS.scratch, pixels), dataset.maskEncoding).table;
    kernels.applyTable(SLOTS.scratch, pixels, table, SLOTS.scratch);
    const inside = kernels.view(SLOTS.scratch, pixels).slice();
    return inside.some((value) => value !== 0) ? { width, height, inside } : null;
  };
}
