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
  return dataset.layout === 'covid-qu-ex' || (dataset.maskClasses ?? dataset.classes).some(isLung);
}

/**
 * Reads the lungs of an image; null where there is no mask that can be read, or none of its pixels is on. In the `masks` layout they are all that is not
 * background, where one of the classes is the lung: lesions are painted over it.
 */
export function createLungReader(kernels: Kernels, raster: RasterReader, dataset: DatasetSpec) {
  const { layout, ignoreIndex, maskEncoding } = dataset;
  const labelled = Uint8Array.from({ length: 256 }, (_, value) => (value === 0 || value === ignoreIndex ? 0 : 255));

  return async function read(sample: Sample): Promise<Lungs | null> {
    const [role, path] =
      layout === 'masks' ? (['label', sample.labelPath] as const) : (['lung', sample.lungPath] as const);
    if (path === null || !knowsLungs(dataset)) return null;
    const file = await raster.read(role, path, SLOTS.scratch, role === 'label' ? 'index' : 'gray');
    if (file.state !== 'read') return null;
    const { width, height } = file;
    const histogram = kernels.histogram(SLOTS.scratch, width * height);
    const table = role === 'label' ? labelled : readEncoding(histogram, maskEncoding).table;
    kernels.applyTable(SLOTS.scratch, width * height, table, SLOTS.scratch);
    const inside = kernels.view(SLOTS.scratch, width * height).slice();
    return inside.some((value) => value !== 0) ? { width, height, inside } : null;
  };
}
