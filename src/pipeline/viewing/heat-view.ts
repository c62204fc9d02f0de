import type { HeatMaps } from '../engines/engine.js';
import type { Kernels } from '../kernels/kernels.js';
import { heatOnGrid, shareInside } from '../measuring/heat.js';
import type { MeasuredMaps } from '../measuring/measure-image.js';
import { SLOTS } from '../measuring/truth.js';
import { imageAnswer } from '../metrics/image-answer.js';
import { drawableHeat } from '../overlays/heat.js';
import type { ImageRecord } from '../record.js';

/** Where a classifier found a class in a picture. */
export interface ClassHeat {
  classIndex: number;
  /** As `drawableHeat` makes it, on the view's grid. */
  map: Uint8Array;
  /** Share of what speaks for the class that lies inside the lungs; null without a lung mask, or where nothing does. */
  inLungs: number | null;
}

/**
 * The heat of the class that an image is told to be and, where that is another one, of the class that it is.
 * @param grid of the picture. `lungs`: brought to it by nearest neighbour where its size differs; null without a mask
 */
export function heatOfClasses(
  kernels: Kernels,
  { confusion }: Pick<ImageRecord, 'confusion'>,
  heat: HeatMaps,
  { width, height, lungs }: Pick<MeasuredMaps, 'lungs' | 'width' | 'height'>,
): ClassHeat[] {
  if (confusion === null) return [];
  const { label, predicted } = imageAnswer(confusion);
  const mask = lungs && maskOnGrid(kernels, lungs, width, height);
  return [...new Set([predicted, label])].map((classIndex) => {
    const values = heatOnGrid(heat, classIndex, width, height);
    return {
      classIndex,
      map: drawableHeat(values, mask, width),
      inLungs: mask === null ? null : shareInside(values, mask),
    };
  });
}

function maskOnGrid(
  kernels: Kernels,
  lungs: NonNullable<MeasuredMaps['lungs']>,
  width: number,
  height: number,
): Uint8Array {
  if (lungs.width === width && lungs.height === height) return lungs.mask;
  kernels.store(SLOTS.lung, lungs.mask);
  kernels.resizeNearest(SLOTS.lung, lungs.width, lungs.height, width, height, SLOTS.scratch);
  return kernels.view(SLOTS.scratch, width * height).slice();
}
