/** How figures look wherever people read them; files carry full precision and none of this. Undefined is `-`. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** An integer with thousands separators: `5,826`. */
export function count(n: number): string {
  return grouped.format(n);
}

/** A count and its noun: `1 image`, `5,826 images`. */
export function counted(n: number, singular: string, plural = `${singular}s`): string {
  return `${count(n)} ${n === 1 ? singular : plural}`;
}

/** A score between 0 and 1, four decimals. */
export function score(x: number | null): string {
  return x === null ? '-' : x.toFixed(4);
}

/** A difference of scores with its sign, but for what is nothing to four decimals: `+0.0312`. */
export function signedScore(x: number | null): string {
  if (x === null) return '-';
  const size = score(Math.abs(x));
  return Number(size) === 0 ? size : `${x < 0 ? '-' : '+'}${size}`;
}

/** An interval of scores: `0.7912-0.8634`. */
export function interval(range: readonly [number, number] | null): string {
  return range === null ? '-' : `${score(range[0])}-${score(range[1])}`;
}

/**
 * A share of 1 as a percentage with the digits that it needs: `50.0 %`, `1.23 %`. What is not quite nothing or not quite
 * all never reads as 0 % or 100 %.
 */
export function share(x: number | null): string {
  if (x === null) return '-';
  if (x === 0) return '0 %';
  if (x === 1) return '100 %';
  if (x < 0.0001) return '<0.01 %';
  if (x > 0.9995) return '>99.9 %';
  return `${(x * 100).toFixed(x < 0.0995 ? 2 : 1)} %`;
}

/** A weight or ratio: four significant digits below 1,000, then whole with separators. */
export function factor(x: number | null): string {
  if (x === null) return '-';
  if (Math.abs(x) >= 1000) return count(Math.round(x));
  return x === 0 ? '0' : String(Number(x.toPrecision(4)));
}

/** Work per second: `412`, `12.3`, `0.04`; `-` while it is not known. */
export function rate(perSecond: number | null): string {
  if (perSecond === null || !Number.isFinite(perSecond)) return '-';
  if (perSecond >= 99.5) return count(Math.round(perSecond));
  return perSecond >= 0.995 ? perSecond.toFixed(1) : perSecond.toFixed(2);
}

/** A time in its two largest units: `0.4 s`, `47 s`, `2 min 05 s`, `1 h 03 min`. */
export function duration(ms: number): string {
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const two = (n: number) => String(n).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${count(Math.floor(minutes / 60))} h ${two(minutes % 60)} min`;
}
