/** Comparisons that put a plain sentence into `wrong` where two values don't agree. */
// biome-ignore lint/suspicious/noExplicitAny: it is JSON of the program under test
export type Json = any;

export const quote = (text: string) => JSON.stringify(text);
export const cell = (text: string) => (text === '' ? null : Number(text));

export function tally(items: string[]): Record<string, number> {
  const out: Record<string, number> = {};
  for (const item of items) out[item] = (out[item] ?? 0) + 1;
  return out;
}

export function same(got: unknown, due: unknown, what: string, wrong: string[]): void {
  const sorted = (value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  const [a, b] = [JSON.stringify(sorted(got)), JSON.stringify(sorted(due))];
  if (a !== b) wrong.push(`${what}: ${a}, should be ${b}`);
}

export function close(got: unknown, due: number | null, what: string, wrong: string[]): void {
  const near = typeof got === 'number' && due !== null && Math.abs(got - due) <= 1e-9 * Math.max(1, Math.abs(due));
  if (!near && !(got === null && due === null)) wrong.push(`${what}: ${got}, should be ${due}`);
}

/** Whole numbers equal, others within 1e-9, keys beside those that are due allowed. */
export function closeAll(got: Json, due: Json, what: string, wrong: string[]): void {
  if (due === null || typeof due === 'number') {
    if (Number.isInteger(due) && Number.isInteger(got)) same(got, due, what, wrong);
    else close(got, due, what, wrong);
  } else if (typeof due === 'object') {
    for (const key of Object.keys(due)) closeAll(got?.[key], due[key], `${what}.${key}`, wrong);
  } else same(got, due, what, wrong);
}
