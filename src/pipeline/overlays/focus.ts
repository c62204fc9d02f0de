import type { ClassSpec, DatasetSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';

/**
 * The classes that a picture is about, of those that were chosen. A lesion that is taken for healthy lung is missed: beside
 * infections the lung is their ground, not a class to look at.
 */
export function focusClasses(dataset: DatasetSpec, chosen: readonly ClassSpec[]): readonly ClassSpec[] {
  const hasLungs = dataset.layout === 'covid-qu-ex' && !isImageLevel(dataset);
  const lesions = chosen.filter(({ index }) => hasLungs && index >= 2);
  return lesions.length > 0 ? lesions : chosen.filter(({ index }) => index > 0);
}
