/** 1234567 as `1,234,567`; for whole numbers. */
export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 pixel`, `1,234 pixels`. */
export function quantity(value: number, noun: string, plural = `${noun}s`): string {
  return `${number(value)} ${value === 1 ? noun : plural}`;
}

/** At most `digits` decimals, none of them a trailing zero, with thousands separators. */
export function decimal(value: number, digits = 4): string {
  const [whole, fraction = ''] = value.toFixed(digits).split('.');
  const kept = fraction.replace(/0+$/, '');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return kept === '' ? grouped : `${grouped}.${kept}`;
}

/** A score from 0 to 1 with four decimals; `undefined` where there is none. */
export function score(value: number | null): string {
  return value === null ? 'undefined' : value.toFixed(4);
}

/** A share from 0 to 1 as `12.34 %`; what would round to nothing is `< 0.01 %`. */
export function percent(share: number): string {
  return share > 0 && share < 0.00005 ? '< 0.01 %' : `${decimal(100 * share, 2)} %`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

/** Gray values with their pixels, the most frequent first: `value 1 (1,234 pixels)`, `values 7 (90 pixels), 9 (3 pixels) and 2 more`. */
export function valueList(values: readonly number[], histogram: ArrayLike<number>, shown = 4): string {
  const ordered = [...values].sort((a, b) => histogram[b] - histogram[a] || a - b);
  const named = ordered.slice(0, shown).map((value) => `${value} (${quantity(histogram[value], 'pixel')})`);
  if (ordered.length > shown) named.push(`${ordered.length - shown} more`);
  return `${ordered.length === 1 ? 'value' : 'values'} ${list(named)}`;
}
