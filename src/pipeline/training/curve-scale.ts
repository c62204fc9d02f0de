/** How the curves of a training are scaled, on the screen and in the report alike. */
export interface CurveScale {
  from: number;
  to: number;
  /** Both ends are above 0 then. */
  log: boolean;
}

type Values = readonly (number | null)[];

/** A scale whose largest value is more than so many times the smallest shows next to nothing of the small ones. */
const LOG_FROM = 20;

/** Tops that a reader knows at a glance; a curve of small scores is not to lie flat at the bottom. */
const TOPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** Scores from 0, so that twice as high is twice as good. */
export function scoreScale(values: Values): CurveScale {
  const most = defined(values).reduce((a, b) => Math.max(a, b), 0);
  return { from: 0, to: most === 0 ? 1 : (TOPS.find((top) => top >= most) ?? 1), log: false };
}

/** Losses from 0; where they differ by orders of magnitude, logarithmic. */
export function lossScale(values: Values): CurveScale {
  const known = defined(values);
  const most = known.reduce((a, b) => Math.max(a, b), 0);
  const least = known.reduce((a, b) => Math.min(a, b), most);
  if (least > 0 && most / least > LOG_FROM) return { from: least, to: most, log: true };
  return { from: 0, to: most === 0 ? 1 : most, log: false };
}

function defined(values: Values): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value));
}
