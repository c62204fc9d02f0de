/** A rectangle of pixels; right and bottom are exclusive. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * A 0/255 mask as 0..1, each pixel the mean of the 2r+1 pixels each way around it. Only the box, r pixels larger on
 * each side, is computed, and nothing within r + 1 pixels of the image's edge; the rest is 0. Both arrays may be given,
 * to be used again.
 */
export function softenMask(
  mask: Uint8Array,
  size: number,
  r: number,
  box: Box,
  out: Float32Array = new Float32Array(size * size),
  across: Int32Array = new Int32Array(size * size),
): Float32Array {
  out.fill(0);
  const left = Math.max(r + 1, box.left - r);
  const right = Math.min(size - r, box.right + r);
  const top = Math.max(r + 1, box.top - r);
  const bottom = Math.min(size - r, box.bottom + r);
  for (let y = top - r - 1; y < bottom + r; y++) {
    const row = y * size;
    let sum = 0;
    for (let x = left - r - 1; x < left + r; x++) sum += mask[row + x];
    for (let x = left; x < right; x++) {
      sum += mask[row + x + r] - mask[row + x - r - 1];
      across[row + x] = sum;
    }
  }
  const sums = new Int32Array(size);
  const scale = 1 / (255 * (2 * r + 1) ** 2);
  for (let y = top - r - 1; y < top + r; y++) {
    for (let x = left; x < right; x++) sums[x] += across[y * size + x];
  }
  for (let y = top; y < bottom; y++) {
    const enter = (y + r) * size;
    const leave = (y - r - 1) * size;
    for (let x = left; x < right; x++) {
      sums[x] += across[enter + x] - across[leave + x];
      out[y * size + x] = sums[x] * scale;
    }
  }
  return out;
}

/** The smallest box around the pixels of a mask; right <= left where there are none. */
export function boundingBox(mask: Uint8Array, size: number): Box {
  const box = { left: size, top: size, right: 0, bottom: 0 };
  for (let y = 0; y < size; y++) {
    const row = mask.subarray(y * size, (y + 1) * size);
    const first = row.indexOf(255);
    if (first === -1) continue;
    box.left = Math.min(box.left, first);
    box.right = Math.max(box.right, row.lastIndexOf(255) + 1);
    box.top = Math.min(box.top, y);
    box.bottom = y + 1;
  }
  return box;
}
