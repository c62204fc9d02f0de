import type { Random } from '../random.js';
import type { Anatomy } from './anatomy.js';

/** A polyline with a soft round pen; coordinates, radii in fractions of the image. */
export interface Stroke {
  points: readonly (readonly [number, number])[];
  /** At the start and at the end. */
  radii: readonly [number, number];
  amplitude: number;
}

/** Adds strokes to a size x size picture. Thinner than a pixel they get fainter instead. */
export function drawStrokes(values: Float32Array, size: number, strokes: Iterable<Stroke>): void {
  for (const { points, radii, amplitude } of strokes) {
    const segments = points.length - 1;
    for (let s = 0; s < segments; s++) {
      const [from, to] = [points[s], points[s + 1]];
      const length = Math.sqrt((to[0] - from[0]) ** 2 + (to[1] - from[1]) ** 2);
      const radius = radii[0] + ((radii[1] - radii[0]) * (s + 0.5)) / segments;
      const pixels = Math.max(1.1, radius * size);
      const faint = Math.min(1, (radius * size) / pixels);
      const dots = Math.max(1, Math.round((length * size) / (0.9 * pixels)));
      for (let d = 0; d < dots; d++) {
        const t = (d + 0.5) / dots;
        const x = (from[0] + (to[0] - from[0]) * t) * size - 0.5;
        const y = (from[1] + (to[1] - from[1]) * t) * size - 0.5;
        addDot(values, size, x, y, pixels, 0.8 * amplitude * faint);
      }
    }
  }
}

function addDot(values: Float32Array, size: number, x: number, y: number, radius: number, amplitude: number): void {
  const inverse = 1 / (radius * radius);
  const right = Math.min(size - 1, Math.floor(x + radius));
  const bottom = Math.min(size - 1, Math.floor(y + radius));
  for (let j = Math.max(0, Math.ceil(y - radius)); j <= bottom; j++) {
    for (let i = Math.max(0, Math.ceil(x - radius)); i <= right; i++) {
      const d = 1 - ((i - x) * (i - x) + (j - y) * (j - y)) * inverse;
      if (d > 0) values[j * size + i] += amplitude * d * d;
    }
  }
}

/**
 * Lung vessels: branches that leave the hila here and there, wander outwards and get thinner, and the hila's own
 * shadow.
 */
export function drawVessels(random: Random, anatomy: Anatomy): Stroke[] {
  const strokes: Stroke[] = [];
  const strength = random.between(0.045, 0.1);
  for (const [side, [p, q]] of anatomy.hila.entries()) {
    const outward = side === 0 ? Math.PI : 0;
    const mirror = side === 0 ? -1 : 1;
    const along = [-0.1, -0.03, 0.05, 0.14].map((d) =>
      anatomy.toImage(p + mirror * (0.04 * random.uniform() + 0.2 * d * d), q + d),
    );
    strokes.push({ points: along, radii: [0.02, 0.028], amplitude: strength });
    const branches = random.integer(8, 13);
    for (let b = 0; b < branches; b++) {
      const t = (b + random.uniform()) / branches - 0.5;
      const root = [p + mirror * random.between(-0.04, 0.1), q + 0.24 * t * mirror * (outward ? -1 : 1)] as const;
      const angle = outward + mirror * t * 2.9 + random.between(-0.2, 0.2);
      const trunk = wander(
        random,
        anatomy,
        root,
        angle,
        random.between(0.3, 0.75),
        random.between(0.006, 0.012),
        strength,
      );
      strokes.push(trunk);
      for (let fork = 0; fork < 2; fork++) {
        const from = trunk.points[random.integer(1, 5)];
        const turn = angle + random.between(0.3, 0.9) * (fork ? 1 : -1);
        strokes.push(
          wander(
            random,
            anatomy,
            anatomy.toChest(from[0], from[1]),
            turn,
            random.between(0.15, 0.4),
            0.006,
            strength * 0.8,
          ),
        );
      }
    }
  }
  return strokes;
}

/** Six steps in the chest frame; `length` in its units, `width` as a fraction of the image. */
function wander(
  random: Random,
  anatomy: Anatomy,
  from: readonly [number, number],
  angle: number,
  length: number,
  width: number,
  amplitude: number,
): Stroke {
  let [p, q] = from;
  let direction = angle;
  const points = [anatomy.toImage(p, q)];
  for (let step = 0; step < 6; step++) {
    direction += random.between(-0.45, 0.45);
    p += (length / 6) * Math.cos(direction);
    q += (length / 6) * Math.sin(direction) * 0.8;
    points.push(anatomy.toImage(p, q));
  }
  return { points, radii: [width, width * 0.35], amplitude };
}

/** Clavicles, the inner borders of the shoulder blades, and in some images a line or tube. */
export function drawBones(random: Random, anatomy: Anatomy): Stroke[] {
  const strokes: Stroke[] = [];
  const height = random.between(-0.02, 0.12);
  const rise = random.between(0.02, 0.16);
  const bone = random.between(0.06, 0.12);
  const blades = random.between(0.02, 0.07);
  const blade = random.between(0.82, 1.15);
  for (const side of [-1, 1]) {
    const lift = random.normal(0, 0.02);
    const clavicle = [0.12, 0.35, 0.6, 0.85, 1.12, 1.4].map((p, i) =>
      anatomy.toImage(side * p, height + lift + 0.05 * Math.sin(i * 1.1) - (rise * p) / 1.2),
    );
    strokes.push({
      points: clavicle,
      radii: [0.022 * (anatomy.width / 0.32), 0.015 * (anatomy.width / 0.32)],
      amplitude: bone,
    });
    const border = [0, 0.15, 0.3, 0.45].map((q, i) =>
      anatomy.toImage(side * (blade + 0.05 * i * random.uniform()), q - 0.02),
    );
    strokes.push({ points: border, radii: [0.012, 0.008], amplitude: blades });
  }
  if (random.chance(0.12)) strokes.push(drawLine(random, anatomy));
  return strokes;
}

function drawLine(random: Random, anatomy: Anatomy): Stroke {
  const from = random.between(-0.3, 0.3);
  const bend = random.between(-0.3, 0.3);
  const points = [-0.5, -0.25, 0, 0.2, 0.4, 0.6].map((q, i) =>
    anatomy.toImage(from * (1 - i / 6) + bend * Math.sin(i * 0.6) * 0.5, q),
  );
  return { points, radii: [0.006, 0.006], amplitude: random.between(0.1, 0.2) };
}
