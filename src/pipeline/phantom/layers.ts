import type { Random } from '../random.js';
import type { Anatomy } from './anatomy.js';
import { type Field, GRID, noiseField, smoothstep } from './field.js';

/** The smooth parts of a picture; grays are 0..1 and can be added. */
export interface Layers {
  /** Everything but lungs and bones. */
  base: Field;
  /** What the air in the lungs takes away. */
  air: Field;
  /** Position in the ribs as seen at the back and at the front: from k to k + 1 lie rib k and the gap below it. */
  posterior: Field;
  anterior: Field;
}

/** Body, mediastinum, heart, abdomen, air, and the course of the ribs. */
export function drawLayers(random: Random, anatomy: Anatomy): Layers {
  const body = drawBody(random);
  const ribs = {
    spacing: random.between(0.092, 0.128),
    start: random.between(-0.1, 0.02),
    curve: random.between(0.22, 0.5),
    front: random.between(0.3, 0.62),
    frontStart: random.between(-0.1, 0.05),
  };
  const clouds = noiseField(random, 5);
  // About as fine as the hashes that tell pictures apart: without it, bodies of the same build looked alike to them.
  const texture = noiseField(random, 15);
  const veil = noiseField(random, 11);
  const layers: Layers = { base: blank(), air: blank(), posterior: blank(), anterior: blank() };
  const { heart } = anatomy;
  for (let j = 0, i = 0; j < GRID; j++) {
    const v = j / (GRID - 1);
    for (let k = 0; k < GRID; k++, i++) {
      const u = k / (GRID - 1);
      const [p, q] = anatomy.toChest(u, v);
      const across = p < 0 ? -p : p;
      const half = halfWidth(body, q);
      const inside = smoothstep(-0.02, 0.16, half - across);
      const arm =
        body.arms === 0
          ? 0
          : body.arms * smoothstep(0.32, 0.1, Math.abs(across - body.arm - 0.12 * q)) * smoothstep(-0.05, 0.3, q);
      const round = 1 - body.round * Math.min(1, (across / half) ** 2);
      const toHeart = square((p - heart.p) / heart.radiusP) + square((q - heart.q) / heart.radiusQ);
      let value = body.tissue * round + 0.075 * clouds[i] + body.slopeU * (u - 0.5) + body.slopeV * (v - 0.5);
      value += body.mediastinum * bump(p / (body.spread * (1.5 + 0.6 * q))) * smoothstep(-0.25, 0.25, q);
      if (toHeart < 1.3) value += body.heart * smoothstep(1.3, 0.45, toHeart);
      value += body.abdomen * smoothstep(0.62, 1.12, q) * round;
      value -= 0.05 * bump(p / 0.12) * smoothstep(0.45, 0.3, q);
      if (body.stomach > 0) value -= body.stomach * bumpSquare(square((p - 0.55) / 0.32) + square((q - 1.07) / 0.11));
      if (body.breast > 0)
        value += body.breast * smoothstep(1, 0.5, square((across - 0.62) / 0.42) + square((q - 0.78) / 0.28));
      const cover = Math.max(inside, arm);
      layers.base[i] =
        body.outside +
        (value - body.outside) * cover +
        (0.04 + (0.025 + 0.045 * smoothstep(0.9, 1.15, q)) * cover) * texture[i];
      if (q < -0.1 || q > 1.15 || across > 1.15) continue;
      layers.air[i] =
        body.air * (0.8 + 0.22 * smoothstep(0.3, 0.75, across) - 0.22 * smoothstep(0.5, 1.05, q) + 0.16 * veil[i]);
      layers.posterior[i] = (q - ribs.start - ribs.curve * (across * across - 0.35)) / ribs.spacing;
      layers.anterior[i] = (q - ribs.frontStart - ribs.front * (0.95 - across)) / (ribs.spacing * 1.15);
    }
  }
  return layers;
}

interface Body {
  outside: number;
  tissue: number;
  /** How much less there is at the flanks. */
  round: number;
  torso: number;
  /** Half-width of the neck, and q where the shoulders begin and how far they slope. */
  neck: number;
  shoulder: number;
  slope: number;
  arms: number;
  arm: number;
  mediastinum: number;
  spread: number;
  heart: number;
  abdomen: number;
  stomach: number;
  air: number;
  breast: number;
  slopeU: number;
  slopeV: number;
}

function drawBody(random: Random): Body {
  return {
    outside: random.between(0.02, 0.12),
    tissue: random.between(0.4, 0.58),
    round: random.between(-0.1, 0.28),
    torso: random.between(1.1, 1.7),
    neck: random.between(0.3, 0.45),
    shoulder: random.between(-0.42, -0.18),
    slope: random.between(0.25, 0.5),
    arms: random.chance(0.55) ? random.between(0.3, 0.8) : 0,
    arm: random.between(1.4, 1.75),
    mediastinum: random.between(0.12, 0.3),
    spread: random.between(0.24, 0.34),
    heart: random.between(0.05, 0.13),
    abdomen: random.between(0.12, 0.36),
    stomach: random.chance(0.35) ? random.between(0.08, 0.25) : 0,
    air: random.between(0.24, 0.42),
    breast: random.chance(0.4) ? random.between(0.03, 0.09) : 0,
    slopeU: random.normal(0, 0.12),
    slopeV: random.normal(0, 0.1),
  };
}

/** Of the outline at height q, in the chest frame: neck, shoulders, and the torso below them. */
function halfWidth(body: Body, q: number): number {
  const shoulders = body.torso + 0.45;
  if (q < 0.15) return body.neck + (shoulders - body.neck) * smoothstep(body.shoulder, body.shoulder + body.slope, q);
  return body.torso + (shoulders - body.torso) * smoothstep(0.5, 0.15, q);
}

function blank(): Field {
  return new Float32Array(GRID * GRID);
}

function square(x: number): number {
  return x * x;
}

/** A bell of height 1 that ends at -1 and 1. */
function bump(x: number): number {
  return bumpSquare(x * x);
}

function bumpSquare(x: number): number {
  return x < 1 ? (1 - x) * (1 - x) : 0;
}
