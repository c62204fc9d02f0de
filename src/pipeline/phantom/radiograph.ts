import type { Random } from '../random.js';
import type { Anatomy } from './anatomy.js';
import { createExpander, smoothstep } from './field.js';
import { layGrain } from './grain.js';
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
 * Paints a size x size chest radiograph, 8-bit gray: smooth layers, bones and grain everywhere; air, vessels, ribs and the lesion where
 * the lungs are, which `box` encloses. The grain is the last that is drawn from `random`.
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
  const vessels = drawStrokes(size, drawVessels(random, anatomy));
  const bones = drawStrokes(size, drawBones(random, anatomy));
  const soft = Math.max(1, Math.round(size / 110));
  const lungs = softenMask(lungMask, size, soft, box);
  const tone = toneTable(exposure);
  const grain = layGrain(random);
  const strength = exposure.grain / 255;

  const image = new Uint8Array(size * size);
  const { expand } = createExpander(size);
  const [base, air, behind, before, ill] = Array.from({ length: 5 }, () => new Float32Array(size));
  const left = Math.max(0, box.left - soft);
  const right = Math.min(size, box.right + soft);
  for (let y = 0; y < size; y++) {
    expand(layers.base, y, base);
    const noise = grain.row(y);
    const row = y * size;
    for (let x = 0; x < size; x++) base[x] += bones[row + x] + strength * noise[(x + grain.shift) & grain.mask];
    if (y >= box.top - soft && y < box.bottom + soft) {
      expand(layers.air, y, air, left, right);
      expand(layers.posterior, y, behind, left, right);
      expand(layers.anterior, y, before, left, right);
      if (lesion) expand(lesion.field, y, ill, left, right);
      for (let x = left; x < right; x++) {
        const lung = lungs[row + x];
        if (lung === 0) continue;
        const detail = vessels[row + x] + posterior[ribIndex(behind[x])] + anterior[ribIndex(before[x])];
        let value = detail - air[x] + 0.4 * strength * noise[(x + grain.shift) & grain.mask];
        if (lesion) {
          const there = (ill[x] - lesion.threshold) / lesion.softness + 0.35;
          if (there > 0) {
            const full = there >= 1 ? 1 : there * there * (3 - 2 * there);
            value += full * (lesion.density - lesion.veil * detail);
          }
        }
        base[x] += lung * value;
      }
    }
    for (let x = 0; x < size; x++) {
      const step = (base[x] * TONE_SCALE) | 0;
      image[row + x] = tone[step < 0 ? 0 : step >= TONES ? TONES - 1 : step];
    }
  }
  return image;
}

const TONES = 2048;
const TONE_SCALE = TONES / 1.5;

/** Gray of a value 0..1.5. */
function toneTable({ lift, contrast, gamma }: Exposure): Uint8Array {
  const table = new Uint8Array(TONES);
  for (let i = 0; i < TONES; i++) {
    const value = lift + contrast * ((i + 0.5) / TONE_SCALE) ** gamma;
    table[i] = Math.round(255 * Math.min(1, Math.max(0, value)));
  }
  return table;
}

const RIBS = 13;
const STEPS = 32;

function ribIndex(position: number): number {
  return position <= 0 ? 0 : position >= RIBS ? RIBS * STEPS : (position * STEPS) | 0;
}

/** Gray that each rib adds across its width: a band with a brighter lower edge, no two alike; 0 above the first and below the last. */
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
