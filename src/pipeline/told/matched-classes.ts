import { normaliseName } from '../dataset/classes.js';
import type { ClassSpec, DatasetSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';

/** A class of one run and the same class of another, by their indices; null: "none of the matched ones". */
export interface MatchedClass {
  key: string;
  here: number | null;
  beside: number | null;
}

type Classes = Pick<DatasetSpec, 'classes' | 'maskClasses'>;

/**
 * Classes of two runs that mean the same, by key, name or alias. Class 0 of a classifier (healthy, none) is not a class of
 * pixels, whatever its name: beside a segmenter it is what has none of the matched classes.
 */
export function matchClasses(here: Classes, beside: Classes): MatchedClass[] {
  const matched = here.classes.slice(1).flatMap((spec): MatchedClass[] => {
    const others = beside.classes.slice(1);
    const found = others.find(({ key }) => normaliseName(key) === normaliseName(spec.key)) ?? others.find(alike(spec));
    return found === undefined ? [] : [{ key: spec.key, here: spec.index, beside: found.index }];
  });
  const [imageLevelHere, imageLevelBeside] = [isImageLevel(here), isImageLevel(beside)];
  if (matched.length === 0 || (!imageLevelHere && !imageLevelBeside)) return matched;
  const none = (imageLevelHere ? here : beside).classes[0];
  return [{ key: none.key, here: imageLevelHere ? 0 : null, beside: imageLevelBeside ? 0 : null }, ...matched];
}

function alike(spec: ClassSpec): (other: ClassSpec) => boolean {
  const names = namesOf(spec);
  return (other) => namesOf(other).some((name) => names.includes(name));
}

function namesOf({ key, name, aliases }: ClassSpec): string[] {
  return [key, name, ...aliases].map(normaliseName);
}
