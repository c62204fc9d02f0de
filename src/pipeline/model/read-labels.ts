import { WorkError } from '../errors.js';
import type { OutputForm } from './output-form.js';
import type { OutputValues } from './reduce.js';

/**
 * Labels of an output that is arg-maxed already, `size` of them from value `base` on; NaN and infinities become background.
 * @throws WorkError for a value that stands for no class.
 */
export function readLabels(
  { data, words }: OutputValues,
  base: number,
  size: number,
  { model, codes }: Pick<OutputForm, 'model' | 'codes'>,
): { labels: Uint8Array; nonFinite: boolean } {
  const labels = new Uint8Array(size);
  let nonFinite = false;
  for (let pixel = 0; pixel < size; pixel++) {
    const value = data[(base + pixel) * words];
    const high = words === 2 ? data[(base + pixel) * 2 + 1] : 0;
    const code = high === 0 ? codes[value] : undefined;
    if (code !== undefined) labels[pixel] = code;
    else if (value - value !== 0) nonFinite = true;
    else {
      const seen = words === 2 ? high * 2 ** 32 + (value >>> 0) : value;
      throw new WorkError(`${model} gives label ${seen}, and its classes are 0 to ${codes.length - 1}`);
    }
  }
  return { labels, nonFinite };
}
