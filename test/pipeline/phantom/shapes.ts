/** Pieces of one value, found by flooding pixel by pixel: slow and plain, as an oracle should be. */
export interface Piece {
  area: number;
  touchesBorder: boolean;
}

/** Connected pixels for which `inside` holds, with 4 or 8 neighbours. */
export function pieces(width: number, height: number, inside: (i: number) => boolean, neighbours: 4 | 8): Piece[] {
  const seen = new Uint8Array(width * height);
  const found: Piece[] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || !inside(start)) continue;
    const piece = { area: 0, touchesBorder: false };
    const open = [start];
    seen[start] = 1;
    while (open.length > 0) {
      const i = open.pop()!;
      const [x, y] = [i % width, Math.floor(i / width)];
      piece.area++;
      piece.touchesBorder ||= x === 0 || y === 0 || x === width - 1 || y === height - 1;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          if (neighbours === 4 && dx !== 0 && dy !== 0) continue;
          const [nx, ny] = [x + dx, y + dy];
          if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
          const n = ny * width + nx;
          if (seen[n] || !inside(n)) continue;
          seen[n] = 1;
          open.push(n);
        }
      }
    }
    found.push(piece);
  }
  return found;
}

export const parts = (mask: Uint8Array, width: number) => pieces(width, mask.length / width, (i) => mask[i] !== 0, 8);

export const holes = (mask: Uint8Array, width: number) =>
  pieces(width, mask.length / width, (i) => mask[i] === 0, 4).filter(({ touchesBorder }) => !touchesBorder);

export const area = (mask: Uint8Array): number => mask.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);

/**
 * 256-bit difference hash: 17 x 16 block means, a bit where a block is brighter than its right neighbour by more than
 * 2.
 */
export function differenceHash(image: Uint8Array, size: number): boolean[] {
  const edge = (i: number, blocks: number) => Math.floor((i * size) / blocks);
  const block = (row: number, column: number) => {
    let [sum, count] = [0, 0];
    for (let y = edge(row, 16); y < edge(row + 1, 16); y++) {
      for (let x = edge(column, 17); x < edge(column + 1, 17); x++) {
        sum += image[y * size + x];
        count++;
      }
    }
    return sum / count;
  };
  const bits: boolean[] = [];
  for (let row = 0; row < 16; row++) {
    const means = Array.from({ length: 17 }, (_, column) => block(row, column));
    for (let column = 0; column < 16; column++) bits.push(means[column] > means[column + 1] + 2);
  }
  return bits;
}

export const distance = (a: boolean[], b: boolean[]): number =>
  a.reduce((sum, bit, i) => sum + (bit === b[i] ? 0 : 1), 0);
