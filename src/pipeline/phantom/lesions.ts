import type { Random } from '../random.js';
import type { Anatomy } from './anatomy.js';
import { fillContour } from './contour.js';
import { type Field, GRID, noiseField } from './field.js';

/** A region of the lungs: where `field` is above `threshold`. It fades in over `softness`. */
export interface Lesion {
  field: Field;
  threshold: number;
  softness: number;
  /** Added gray where it is fully there, 0..1. */
  density: number;
  /** Share of ribs and vessels that it hides. */
  veil: number;
}

/** Share of the lungs that COVID-19 opacities cover. */
const COVID_SHARE = [0.05, 0.43] as const;

/** Grid nodes in each lung, with their places. */
interface Cells {
  index: number[];
  p: number[];
  q: number[];
}

/**
 * COVID-19: several ground-glass opacities in both lungs, towards the periphery and the bases (the distribution of the
 * usual case: Wong et al., Radiology 2020), in a few images one-sided.
 */
export function drawOpacities(random: Random, anatomy: Anatomy): Lesion {
  const sides = lungCells(anatomy);
  const field = new Float32Array(GRID * GRID);
  const lower = random.between(0.6, 2.2);
  const outer = random.between(0.5, 2.2);
  const bilateral = random.chance(0.88);
  const onlySide = random.integer(0, 2);
  for (const side of [0, 1]) {
    if (!bilateral && side !== onlySide) continue;
    const cells = sides[side];
    const weights = cells.index.map(
      (_, i) => 0.04 + Math.max(0.05, cells.q[i]) ** lower * Math.min(1, Math.abs(cells.p[i])) ** outer,
    );
    for (const [i, c] of cells.index.entries()) field[c] += 0.12 * weights[i];
    const blobs = random.integer(bilateral ? 2 : 3, 7);
    for (let b = 0; b < blobs; b++) {
      const at = cells.index[pickWeighted(random, weights)];
      const strength = b === 0 ? 1 : random.between(0.55, 1);
      addBlob(field, random, at, strength, anatomy.width);
    }
  }
  const edge = noiseField(random, 13);
  const broad = noiseField(random, 5);
  for (let i = 0; i < field.length; i++) field[i] *= 1 + 0.5 * edge[i] + 0.35 * broad[i];
  const share = COVID_SHARE[0] + (COVID_SHARE[1] - COVID_SHARE[0]) * random.uniform() ** 1.15 * (bilateral ? 1 : 0.5);
  const nodes = [...sides[0].index, ...sides[1].index];
  return {
    field,
    threshold: quantile(field, nodes, 1 - share),
    softness: random.between(0.3, 0.6),
    density: random.between(0.11, 0.27),
    veil: random.between(0.1, 0.4),
  };
}

/** Bacterial pneumonia: one dense, even consolidation that ends at a fissure, in one lung. */
export function drawConsolidation(random: Random, anatomy: Anatomy): Lesion {
  const side = random.integer(0, 2);
  const cells = lungCells(anatomy)[side];
  const field = new Float32Array(GRID * GRID).fill(-1);
  const lobe = random.pick(['upper', 'middle', 'lower', 'lower'] as const);
  const slope = random.between(-0.35, 0.35);
  const middle = random.between(0.4, 0.62);
  const noise = noiseField(random, 6);
  for (const [i, c] of cells.index.entries()) {
    const down = cells.q[i] - slope * (Math.abs(cells.p[i]) - 0.6);
    const depth =
      lobe === 'upper' ? -down : lobe === 'lower' ? down : -Math.abs(down - middle) - 0.2 * Math.abs(cells.p[i]);
    field[c] = depth + 0.06 * noise[c];
  }
  const threshold = quantile(field, cells.index, 1 - random.between(0.22, 0.55));
  spread(field, cells.index);
  return {
    field,
    threshold,
    softness: random.between(0.04, 0.14),
    density: random.between(0.17, 0.34),
    veil: random.between(0.4, 0.8),
  };
}

function lungCells(anatomy: Anatomy): [Cells, Cells] {
  const of = (lung: 0 | 1): Cells => {
    const mask = new Uint8Array(GRID * GRID);
    fillContour(anatomy.lungs[lung], mask, GRID);
    const cells: Cells = { index: [], p: [], q: [] };
    for (let i = mask.indexOf(255); i !== -1; i = mask.indexOf(255, i + 1)) {
      const [p, q] = anatomy.toChest(((i % GRID) + 0.5) / GRID, (Math.floor(i / GRID) + 0.5) / GRID);
      cells.index.push(i);
      cells.p.push(p);
      cells.q.push(q);
    }
    return cells;
  };
  return [of(0), of(1)];
}

/** Adds a turned ellipse with a smooth slope; `scale` is the chest's half-width. */
function addBlob(field: Field, random: Random, at: number, strength: number, scale: number): void {
  const long = random.between(0.24, 0.62) * scale * GRID;
  const short = long * random.between(0.5, 1);
  const angle = random.between(0, Math.PI);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [column, row] = [at % GRID, Math.floor(at / GRID)];
  const reach = Math.ceil(long);
  for (let y = Math.max(0, row - reach); y <= Math.min(GRID - 1, row + reach); y++) {
    for (let x = Math.max(0, column - reach); x <= Math.min(GRID - 1, column + reach); x++) {
      const a = ((x - column) * cos + (y - row) * sin) / long;
      const b = ((y - row) * cos - (x - column) * sin) / short;
      const d = 1 - a * a - b * b;
      if (d > 0) field[y * GRID + x] += strength * d * d;
    }
  }
}

function pickWeighted(random: Random, weights: number[]): number {
  let left = random.uniform() * weights.reduce((sum, w) => sum + w, 0);
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i];
    if (left < 0) return i;
  }
  return weights.length - 1;
}

/** Carries the values of the cells two nodes outwards, so that the region does not fade before the lung's edge. */
function spread(field: Field, cells: number[]): void {
  const known = new Set(cells);
  let rim = cells;
  for (let pass = 0; pass < 2; pass++) {
    const next: number[] = [];
    for (const c of rim) {
      for (const to of [c - 1, c + 1, c - GRID, c + GRID]) {
        if (to < 0 || to >= field.length || known.has(to)) continue;
        known.add(to);
        field[to] = field[c];
        next.push(to);
      }
    }
    rim = next;
  }
}

/** The value below which the given share of the nodes lies. */
function quantile(field: Field, nodes: number[], share: number): number {
  const values = Float32Array.from(nodes, (n) => field[n]).sort();
  return values[Math.min(values.length - 1, Math.floor(share * values.length))];
}
