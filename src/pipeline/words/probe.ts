import type { ProbeSummary } from '../summary.js';

/** The pictures of a probe, whole first, and what tables and plots call them. */
export const PROBE_PICTURES = [
  ['intact', 'whole'],
  ['withoutLungs', 'lungs blacked out'],
  ['lungsAlone', 'lungs alone'],
] as const satisfies readonly (readonly [keyof ProbeSummary, string])[];

/** The classes that are spoken of. @param keys of those that were asked for; null: all but the first */
export function probedClasses(
  { intact }: ProbeSummary,
  keys: readonly string[] | null,
): { key: string; index: number }[] {
  return intact.classes
    .map(({ key }, index) => ({ key, index }))
    .filter(({ key, index }) => (keys === null ? index > 0 : keys.includes(key)));
}
