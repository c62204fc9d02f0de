/** What is seen of lines that are scrolled, and how many are below. Never scrolled past the last one. */
export function scrolled(
  lines: readonly string[],
  scroll: number,
  rows: number,
): { seen: readonly string[]; below: number } {
  const from = Math.max(0, Math.min(scroll, lines.length - rows));
  return { seen: lines.slice(from, from + rows), below: Math.max(0, lines.length - from - rows) };
}
