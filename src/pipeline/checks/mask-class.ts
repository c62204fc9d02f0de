import type { DatasetSpec, Role, Sample } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import type { FileFacts, ImageFacts } from '../facts.js';

/** Roles of the files that an image comes with, the annotation's roles among them. */
export const DATASET_ROLES = ['image', 'lung', 'infection', 'label'] as const satisfies readonly Role[];
export const MASK_ROLES = ['lung', 'infection', 'label'] as const satisfies readonly Role[];

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  image: 'image',
  lung: 'lung mask',
  infection: 'infection mask',
  label: 'label mask',
  prediction: 'prediction',
};

/** True for the classes of lesions: index 2 and up of covid-qu-ex, where pixels have the classes. */
export function isInfection(dataset: DatasetSpec, index: number): boolean {
  return dataset.layout === 'covid-qu-ex' && !isImageLevel(dataset) && index >= 2;
}

/** Key of the class that a mask of this role stands for in this image; '' where it is several or none. */
export function maskClass(dataset: DatasetSpec, sample: Sample, role: Role): string {
  const { classes } = dataset;
  if (role === 'lung') return classes[1]?.key ?? '';
  if (role === 'infection') {
    if (sample.source === 'COVID-19') return classes[2]?.key ?? '';
    return sample.source === 'Non-COVID' ? (classes[3]?.key ?? '') : '';
  }
  return classes.length === 2 ? classes[1].key : '';
}

/** The file of a role where its size and format are known, else null. */
export function openedFile(facts: ImageFacts, role: Role): FileFacts | null {
  const file = facts.files[role];
  return file !== undefined && (file.state === 'read' || file.state === 'header') ? file : null;
}

/** True where the raw mask has pixels and the encoding in force took none of them: L003's case. */
export function isLost(file: FileFacts | undefined): boolean {
  const mask = file?.mask;
  return mask !== null && mask !== undefined && mask.rawOn > 0 && mask.encodedOn === 0;
}
