import type { Random } from '../random.js';
import type { Anatomy } from './anatomy.js';
import { type Canvas, cleanCanvas } from './canvas.js';
import { blendRow, type Lattice, smoothstep } from './field.js';
import { type GrainRow, layGrain } from './grain.js';
import { drawLayers } from './layers.js';
import type { Lesion } from './lesions.js';
import { type Box, softenMask } from './soften.js';
import { drawBones, drawStrokes, drawVessels } from './strokes.js';

/** How a picture was taken: gray = 255 (lift + contrast value^gamma). */
export interface Exposure {
  lift: number;
  contrast: number;
  gamma: number;
  /** Standard deviation of the grain, in grays of 0..255. */
  grain: number;
}

/**
 * Paints a size x size chest radiograph, 8-bit gray: smooth layers, bones and grain everywhere; air, vessels, ribs and
 * the lesion where the lungs are, which `box` encloses.
 */
export function paintRadiograph(
  random: Random,
  anatomy: Anatomy,
  lungMask: Uint8Array,
  box: Box,
  lesion: Lesion | null,
  exposure: Exposure,
  size: number,
): Uint8Array {
  const layers = drawLayers(random, anatomy);
  const posterior = ribTable(random, random.between(0.06, 0.12));
  const anterior = ribTable(random, random.between(0.02, 0.07));
  const canvas = cleanCanvas(size);
  const { vessels, bones, lungs, sums, row, blends, lattice } = canvas;
  drawStrokes(vessels, size, drawVessels(random, anatomy));
  drawStrokes(bones, size, drawBones(random, anatomy));
  const soft = Math.max(1, Math.round(size / 110));
  softenMask(lungMask, size, soft, box, lungs, sums);
  const tone = toneTable(exposure);
  const grain = layGrain(random, exposure.grain / 255);

  const image = new Uint8Array(size * size);
  const [base, air, behind, before, ill] = blends;
  const left = Math.max(0, box.left - soft);
  const right = Math.min(size, box.right + soft);
  const paintLungs = lungPainter(canvas, posterior, anterior, lesion);
  for (let y = 0; y < size; y++) {
    blendRow(layers.base, lattice, y, base);
    paintBody(row, base, lattice, bones, y * size, grain(y));
    if (y >= box.top - soft && y < box.bottom + soft) {
      blendRow(layers.air, lattice, y, air);
      blendRow(layers.posterior, lattice, y, behind);
      blendRow(layers.anterior, lattice, y, before);
      if (lesion) blendRow(lesion.field, lattice, y, ill);
      paintLungs(y * size, left, right);
    }
    developRow(row, tone, image, y * size);
  }
  return image;
}

function paintBody(
  row: Float32Array,
  base: Float32Array,
  { nodes, fractions }: Lattice,
  bones: Float32Array,
  at: number,
  grain: GrainRow,
): void {
  const { tile, start, mask, shift, deviation } = grain;
  for (let x = 0; x < row.length; x++) {
    const k = nodes[x];
    row[x] =
      base[k] + (base[k + 1] - base[k]) * fractions[x] + bones[at + x] + deviation * tile[start + ((x + shift) & mask)];
  }
}

/**
 * Paints into the canvas's row what is seen where the lungs are: less for the air in them, ribs, vessels, and whiter
 * where they are ill.
 */
function lungPainter(
  { row, lattice, lungs, vessels, blends }: Canvas,
  posterior: Float32Array,
  anterior: Float32Array,
  lesion: Lesion | null,
) {
  const { nodes, fractions } = lattice;
  const [, air, behind, before, ill] = blends;
  const threshold = lesion?.threshold ?? Number.POSITIVE_INFINITY;
  const { softness, density, veil } = lesion ?? { softness: 1, density: 0, veil: 0 };
  return (at: number, left: number, right: number): void => {
    for (let x = left; x < right; x++) {
      const lung = lungs[at + x];
      if (lung === 0) continue;
      const k = nodes[x];
      const f = fractions[x];
      const back = ribIndex(behind[k] + (behind[k + 1] - behind[k]) * f);
      const front = ribIndex(before[k] + (before[k + 1] - before[k]) * f);
      let value = vessels[at + x] + posterior[back] + anterior[front] - air[k] - (air[k + 1] - air[k]) * f;
      const there = (ill[k] + (ill[k + 1] - ill[k]) * f - threshold) / softness + 0.35;
      if (there > 0) {
        const full = there >= 1 ? 1 : there * there * (3 - 2 * there);
        // What a lesion adds, it hides of the structures around a mean.
        value += full * (density - veil * (value + 0.2));
      }
      row[x] += lung * value;
    }
  };
}

const TONES = 1024;
const TONE_SCALE = TONES / 1.5;

/** Gray of a value 0..1.5; like film it never quite reaches black or white, so that nothing is cut off. */
function toneTable({ lift, contrast, gamma }: Exposure): Uint8Array {
  const table = new Uint8Array(TONES);
  for (let i = 0; i < TONES; i++) {
    const value = lift + contrast * ((i + 0.5) / TONE_SCALE) ** gamma;
    const shown =
      value > SHOULDER
        ? 1 - (1 - SHOULDER) ** 2 / (value + 1 - 2 * SHOULDER)
        : value < TOE
          ? TOE ** 2 / (2 * TOE - value)
          : value;
    table[i] = Math.round(255 * shown);
  }
  return table;
}

/** Above and below these the tone curve bends; hyperbolas of slope 1 there. */
const SHOULDER = 0.75;
const TOE = 0.07;

function developRow(value: Float32Array, tone: Uint8Array, image: Uint8Array, at: number): void {
  for (let x = 0; x < value.length; x++) {
    const step = (value[x] * TONE_SCALE) | 0;
    image[at + x] = tone[step < 0 ? 0 : step >= TONES ? TONES - 1 : step];
  }
}

const RIBS = 13;
const STEPS = 32;

function ribIndex(position: number): number {
  return position <= 0 ? 0 : position >= RIBS ? RIBS * STEPS : (position * STEPS) | 0;
}

/**
 * Gray that each rib adds across its width: a band with a brighter lower edge, no two alike; 0 above the first and
 * below the last.
 */
function ribTable(random: Random, amplitude: number): Float32Array {
  const table = new Float32Array(RIBS * STEPS + 1);
  for (let rib = 0; rib < RIBS; rib++) {
    const strength = amplitude * random.between(0.7, 1.2);
    const width = random.between(0.42, 0.58);
    for (let s = 1; s < STEPS; s++) {
      const t = s / STEPS;
      const band = smoothstep(0, 0.14, t) * smoothstep(width, width - 0.16, t);
      table[rib * STEPS + s] = strength * band * (0.75 + 0.5 * smoothstep(0.1, width, t));
    }
  }
  return table;
}
