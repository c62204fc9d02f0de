import { UsageError } from '../errors.js';
import { didYouMean } from '../words/nearest.js';
import type { ClassSpec, Subset } from './dataset.js';

const BACKGROUND: ClassSpec = { index: 0, key: 'background', name: 'Background', aliases: ['bg'] };
const LUNG: ClassSpec = { index: 1, key: 'lung', name: 'Healthy lung', aliases: ['healthy', 'lungs'] };

/** The classes of COVID-QU-Ex; the lung subset has no infections. */
export const COVID_QU_EX_CLASSES: Record<Subset, readonly ClassSpec[]> = {
  infection: [
    BACKGROUND,
    LUNG,
    { index: 2, key: 'covid', name: 'COVID-19', aliases: ['covid-19 infection', 'covid19'] },
    { index: 3, key: 'non-covid', name: 'Non-COVID infection', aliases: ['noncovid', 'non-covid infection'] },
  ],
  lung: [BACKGROUND, { ...LUNG, name: 'Lung' }],
};

/** Folder and class names are compared without case, spaces and punctuation. */
export function normaliseName(name: string): string {
  return name.toLowerCase().replace(/[\s_\-.]+/g, '');
}

/** Whether a class is the lung itself, by its key, name or aliases. */
export function isLung({ key, name, aliases }: ClassSpec): boolean {
  return [key, name, ...aliases].some((word) => /^lungs?$/.test(normaliseName(word)));
}

/**
 * The classes that a user named by index, key, name or alias, in index order.
 * @throws UsageError for a name that is none of them, with what there is.
 */
export function resolveClasses(names: readonly string[] | null, classes: readonly ClassSpec[]): ClassSpec[] {
  if (names === null) return classes.filter((spec) => spec.index > 0);
  const chosen = new Set<ClassSpec>();
  for (const name of names) {
    const wanted = normaliseName(name);
    const found = classes.find(
      (spec) =>
        String(spec.index) === wanted ||
        normaliseName(spec.key) === wanted ||
        normaliseName(spec.name) === wanted ||
        spec.aliases.some((alias) => normaliseName(alias) === wanted),
    );
    if (!found) {
      const known = classes.map((spec) => `${spec.index} ${spec.key} (${spec.name})`).join(', ');
      const hint = didYouMean(
        name,
        classes.flatMap((spec) => [spec.key, spec.name, ...spec.aliases]),
      );
      throw new UsageError(`unknown class "${name}": this dataset has ${known}${hint}`);
    }
    chosen.add(found);
  }
  return classes.filter((spec) => chosen.has(spec));
}
