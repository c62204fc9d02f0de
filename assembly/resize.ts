/** See `resizeNearest` of the Kernels interface; `columns` has room for a word for each output column. */
export function resizeNearest(
  at: usize,
  width: u32,
  height: u32,
  outWidth: u32,
  outHeight: u32,
  out: usize,
  columns: usize,
): void {
  for (let x: u32 = 0; x < outWidth; x++) {
    store<u32>(columns + (<usize>x << 2), <u32>(((<u64>x * 2 + 1) * width) / (<u64>outWidth * 2)));
  }
  let previous: u32 = -1;
  for (let y: u32 = 0; y < outHeight; y++, out += outWidth) {
    const source = <u32>(((<u64>y * 2 + 1) * height) / (<u64>outHeight * 2));
    if (source == previous) {
      memory.copy(out, out - outWidth, outWidth);
      continue;
    }
    previous = source;
    const row = at + <usize>source * width;
    for (let x: usize = 0; x < outWidth; x++) store<u8>(out + x, load<u8>(row + load<u32>(columns + (x << 2))));
  }
}
