import { resolveClasses } from '../dataset/classes.js';
import type { ClassSpec } from '../dataset/dataset.js';
import { UsageError } from '../errors.js';

/** A figure that somebody reports, and the values that would be rounded to it. */
export interface Reported {
  /** As it was written: `covid.iou=0.83`. */
  text: string;
  measure: 'iou' | 'dice' | 'accuracy';
  /** Key of the class; null for a mean over classes, and for accuracy. */
  class: string | null;
  value: number;
  /** Half a unit of the last digit that was given to either side, within 0 and 1. */
  low: number;
  high: number;
}

const SHAPE =
  'expected KEY.iou, KEY.dice, mean.iou, mean.dice or accuracy, an equals sign, and a value such as 0.8305 or 83.05%';

/** @throws UsageError for what is no figure of these classes */
export function parseReported(text: string, classes: readonly ClassSpec[]): Reported {
  const [, name, key, measure, value] = /^((.+)\.(iou|dice)|accuracy)\s*=\s*(.*)$/i.exec(text.trim()) ?? [];
  if (name === undefined) throw new UsageError(`--reported ${text}: ${SHAPE}`);
  const isMean = key?.toLowerCase() === 'mean';
  return {
    text: text.trim(),
    measure: (measure?.toLowerCase() ?? 'accuracy') as Reported['measure'],
    class: key === undefined || isMean ? null : resolveClasses([key], classes)[0].key,
    ...rounded(text, value),
  };
}

/** Between 0 and 1; the tolerance is what the digits say. */
function rounded(text: string, value: string): Pick<Reported, 'value' | 'low' | 'high'> {
  const [, digits, decimals = '', percent] = /^(\d+(?:\.(\d*))?|\.\d+)\s*(%?)$/.exec(value.trim()) ?? [];
  if (digits === undefined) throw new UsageError(`--reported ${text}: ${SHAPE}`);
  const places = (digits.startsWith('.') ? digits.length - 1 : decimals.length) + (percent ? 2 : 0);
  const given = percent ? Number(digits) / 100 : Number(digits);
  if (given > 1) {
    throw new UsageError(
      `--reported ${text}: a score is at most 1${given <= 100 ? `; if that is a percentage, write ${digits}%` : ''}`,
    );
  }
  const half = 0.5 * 10 ** -places;
  return { value: given, low: Math.max(0, given - half), high: Math.min(1, given + half) };
}
