/** IEEE 754 half precision (binary16) as 16-bit patterns: Node 20 has no Float16Array. */

let widened: Float32Array | null = null;

/** out[i] = the value of the pattern half[i]. */
export function fromHalf(half: Uint16Array, out: Float32Array): void {
  widened ??= Float32Array.from({ length: 65536 }, (_, pattern) => halfValue(pattern));
  for (let i = 0; i < half.length; i++) out[i] = widened[half[i]];
}

function halfValue(pattern: number): number {
  const sign = pattern & 0x8000 ? -1 : 1;
  const exponent = (pattern >> 10) & 31;
  const fraction = pattern & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** out[i] = the pattern nearest to values[i], ties to even, beyond 65,504 infinity. */
export function toHalf(values: Float32Array, out: Uint16Array): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < values.length; i++) {
    const sign = (bits[i] >>> 16) & 0x8000;
    const magnitude = bits[i] & 0x7fffffff;
    if (magnitude > 0x7f800000) out[i] = sign | 0x7e00;
    else if (magnitude >= 0x477ff000) out[i] = sign | 0x7c00;
    else if (magnitude >= 0x38800000) {
      // Rebiased by 127 - 15; adding half of the 13 dropped bits, and one more where the result would be odd, rounds to even.
      out[i] = sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
    } else out[i] = sign | roundToEven(Math.abs(values[i]) * 2 ** 24);
  }
}

/** Subnormals are whole multiples of 2^-24. */
function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
