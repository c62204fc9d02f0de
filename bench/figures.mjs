// Medians and how they are written.
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

export const digits = (value, places = 2) => value.toFixed(places);
export const times = (value) => `${digits(value)}x`;

/** Two lists taken in turn: the ratio of medians, the median of the ratios of neighbours, and their range. */
export function ratios(top, bottom) {
  const pairs = top.map((value, i) => value / bottom[i]);
  return {
    medians: median(top) / median(bottom),
    pairwise: median(pairs),
    low: Math.min(...pairs),
    high: Math.max(...pairs),
  };
}

export function table(header, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
