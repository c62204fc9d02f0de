/** A part of an image, in its pixels. */
export interface Region {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** How many dots a region gets in a field of dots, keeping its proportions; at least 1 x 1. Dots are square. */
export function fitRegion(region: Region, columns: number, rows: number): { columns: number; rows: number } {
  const scale = Math.min(columns / region.width, rows / region.height);
  return {
    columns: Math.max(1, Math.min(columns, Math.round(region.width * scale))),
    rows: Math.max(1, Math.min(rows, Math.round(region.height * scale))),
  };
}

/** Around a lesion, as a share of its longer side. */
const MARGIN = 0.25;
/** A lesion of a few pixels is shown with this much around it. */
const LEAST_SIDE = 24;

/**
 * The square around every pixel of the labels in either map, with a margin, inside the image; null where there is none. Maps are
 * row-major, width x height.
 */
export function lesionRegion(
  maps: readonly (Uint8Array | null)[],
  { width, height }: { width: number; height: number },
  labels: readonly number[],
): Region | null {
  const sought = new Uint8Array(256);
  for (const label of labels) sought[label] = 1;
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (const map of maps) {
    if (map === null) continue;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (sought[map[y * width + x]] === 0) continue;
        if (x < left) left = x;
        if (x > right) right = x;
        if (y < top) top = y;
        if (y > bottom) bottom = y;
      }
    }
  }
  if (right < 0) return null;
  const longer = Math.max(right - left, bottom - top) + 1;
  const side = Math.max(LEAST_SIDE, Math.ceil(longer * (1 + 2 * MARGIN)));
  const place = (from: number, to: number, whole: number) => {
    const length = Math.min(side, whole);
    const start = Math.round((from + to + 1 - length) / 2);
    return { start: Math.max(0, Math.min(start, whole - length)), length };
  };
  const across = place(left, right, width);
  const down = place(top, bottom, height);
  return { x: across.start, y: down.start, width: across.length, height: down.length };
}
