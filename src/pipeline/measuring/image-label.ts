import type { DatasetSpec } from '../dataset/dataset.js';
import { imageLabel, labelsInMask } from '../dataset/image-level.js';
import type { Kernels } from '../kernels/kernels.js';
import { lungTable } from './lungs.js';
import type { RasterReader } from './raster.js';
import { createTruthReader, emptyTruth, type ReadTruth, SLOTS, type Truth } from './truth.js';

/**
 * Reads the class of an image as a whole, as a label map of one pixel. Masks are opened where the class is told by them (`masks`),
 * and for the lungs where those are wanted: where the folder tells it, no mask that is missing or broken changes it.
 */
export function createLabelReader(kernels: Kernels, raster: RasterReader, dataset: DatasetSpec): ReadTruth {
  const maskClasses = dataset.maskClasses ?? [];
  const needs = { map: true, lung: false, structures: false, outside: false };
  const readMasks = createTruthReader(kernels, raster, { ...dataset, classes: maskClasses }, needs);
  const insideLungs = lungTable(dataset);

  /** The masks of an image, as far as they are needed. */
  async function openMasks(sample: Parameters<ReadTruth>[0], lungs: boolean): Promise<Truth> {
    if (dataset.layout === 'masks') {
      const masks = await readMasks(sample, lungs);
      if (lungs && insideLungs !== null && masks.counts !== null) {
        const { width, height } = masks;
        kernels.applyTable(SLOTS.truth, width * height, insideLungs, SLOTS.lung);
        masks.lungMask = { width, height };
      }
      return masks;
    }
    if (!lungs || sample.lungPath === null) return emptyTruth();
    // An annotation without infections is none: nothing is composed of it.
    const lungAlone = { ...sample, infectionPath: null, unlabelled: true };
    return { ...(await readMasks(lungAlone, lungs)), unreadable: false };
  }

  return async (sample, lungs) => {
    const { files, unreadable, lungMask, counts } = await openMasks(sample, lungs);
    const truth = { ...emptyTruth(), width: 1, height: 1, files, unreadable, lungMask };
    const label = imageLabel(dataset, sample, counts);
    if (label === null) return truth;
    kernels.store(SLOTS.truth, Uint8Array.of(label));
    const others = counts === null || dataset.layout !== 'masks' ? [] : labelsInMask(dataset, counts).slice(1);
    return { ...truth, counts: dataset.classes.map(({ index }) => Number(index === label)), otherLabels: others };
  };
}
