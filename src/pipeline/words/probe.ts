import type { ProbeSummary } from '../summary.js';

/** The pictures of a probe, whole first, and what tables and plots call them. */
export const PROBE_PICTURES = [
  ['intact', 'whole'],
  ['withoutLungs', 'lungs blacked out'],
  ['lungsAlone', 'lungs alone'],
] as const satisfies readonly (readonly [keyof ProbeSummary, string])[];
