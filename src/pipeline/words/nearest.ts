/**
 * Number of single-character insertions, deletions, substitutions and swaps of neighbours between two words
 * (optimal string alignment, https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance), without regard to case.
 */
export function editDistance(a: string, b: string): number {
  const from = a.toLowerCase();
  const to = b.toLowerCase();
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const cost = from[i - 1] === to[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
      }
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length];
}

/** The candidate that was probably meant, or null where none is close: up to a third of its letters may be wrong. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate);
    const allowed = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (distance <= allowed && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `; did you mean X?`, X as `show` writes it, or '' where nothing is close. */
export function didYouMean(word: string, candidates: Iterable<string>, show = (found: string) => found): string {
  const found = nearest(word, candidates);
  return found === null ? '' : `; did you mean ${show(found)}?`;
}

export function quoted(word: string): string {
  return `"${word}"`;
}
