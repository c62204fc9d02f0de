/** Directions of a walk round a region, clockwise in a picture whose rows grow downwards. */
const EAST = 1;
const SOUTH = 2;
const WEST = 4;
const NORTH = 8;

/**
 * The outline of the pixels with one label as an SVG path along their edges: closed loops of horizontal and vertical strokes, holes
 * included (fill it with `evenodd`). Empty where no pixel has the label.
 *
 * @param labels width x height, row-major
 * @param scale length of a pixel's side in the path's units, a whole number keeps the path short
 */
export function outlinePath(labels: Uint8Array, width: number, height: number, label: number, scale: number): string {
  const columns = width + 1;
  // For each corner of the grid the directions in which the outline leaves it; the region lies to the right of it.
  const leaving = new Uint8Array(columns * (height + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (labels[i] !== label) continue;
      const corner = y * columns + x;
      if (y === 0 || labels[i - width] !== label) leaving[corner] |= EAST;
      if (x === width - 1 || labels[i + 1] !== label) leaving[corner + 1] |= SOUTH;
      if (y === height - 1 || labels[i + width] !== label) leaving[corner + columns + 1] |= WEST;
      if (x === 0 || labels[i - 1] !== label) leaving[corner + columns] |= NORTH;
    }
  }
  const step: Record<number, number> = { [EAST]: 1, [SOUTH]: columns, [WEST]: -1, [NORTH]: -columns };
  let path = '';
  for (let start = 0; start < leaving.length; start++) {
    while (leaving[start] !== 0) {
      path += `M${(start % columns) * scale} ${Math.floor(start / columns) * scale}`;
      let at = start;
      let direction = lowest(leaving[at]);
      let length = 0;
      do {
        leaving[at] &= ~direction;
        at += step[direction];
        length++;
        const ways = leaving[at];
        if (ways & direction) continue;
        path += stroke(direction, length * scale);
        length = 0;
        direction = lowest(ways);
      } while (at !== start || leaving[at] & direction);
      if (length > 0) path += stroke(direction, length * scale);
      path += 'z';
    }
  }
  return path;
}

function lowest(ways: number): number {
  return ways & -ways;
}

function stroke(direction: number, length: number): string {
  const sign = direction === WEST || direction === NORTH ? '-' : '';
  return `${direction === EAST || direction === WEST ? 'h' : 'v'}${sign}${length}`;
}
