/** What is seen of lines that are scrolled, and how many are below. Never scrolled past the last one. */
export function scrolled(
  lines: readonly string[],
  scroll: number,
  rows: number,
): { seen: readonly string[]; below: number } {
  const from = Math.max(0, Math.min(scroll, lines.length - rows));
  return { seen: lines.slice(from, from + rows), below: Math.max(0, lines.length - from - rows) };
}

const STEPS: Readonly<Record<string, (page: number) => number>> = {
  up: () => -1,
  down: () => 1,
  pageUp: (page) => -Math.max(1, page - 1),
  pageDown: (page) => Math.max(1, page - 1),
  first: () => Number.NEGATIVE_INFINITY,
  last: () => Number.POSITIVE_INFINITY,
};

/** Where a cursor goes among `size` places; an action that moves nothing leaves it. `page`: places that are seen. */
export function moved(cursor: number, action: string, page: number, size: number): number {
  return Math.max(0, Math.min(size - 1, cursor + (STEPS[action]?.(page) ?? 0)));
}
