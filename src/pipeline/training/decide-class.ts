/** Probabilities of their own by class index, from which on an image is of that class; null: it has none. */
export type Decisions = readonly (number | null)[];

/**
 * The class that an image is told to be: of those with a probability of their own that reach it the one that is the most times its
 * own, else the most probable of the others, the first of equals.
 */
export function decideClass(decisions: Decisions, probabilities: readonly number[]): number {
  const times = probabilities.map((probability, c) => probability / (decisions[c] ?? Number.POSITIVE_INFINITY));
  const most = Math.max(...times);
  if (most >= 1) return times.indexOf(most);
  const isOpen = decisions.includes(null);
  const open = probabilities.map((probability, c) => (isOpen && decisions[c] !== null ? -1 : probability));
  return open.indexOf(Math.max(...open));
}
