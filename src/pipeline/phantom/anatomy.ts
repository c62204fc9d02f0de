import type { Random } from '../random.js';
import { type Contour, contourArea, smoothContour } from './contour.js';

/**
 * A chest, before anything is drawn. The chest frame has p across, 0 at the midline and about -1 and 1 at the ribs, and
 * q down, 0 at the apices and 1 at the costophrenic angles. As in every frontal radiograph the patient's left side is
 * the image's right one.
 */
export interface Anatomy {
  /** Chest frame of a point of the image (fractions). */
  toChest(u: number, v: number): readonly [number, number];
  toImage(p: number, q: number): readonly [number, number];
  /** Patient's right (image left) and left lung. */
  lungs: readonly [Contour, Contour];
  /** Of both lungs, in image areas. */
  lungShare: number;
  /** Half-width and height of the chest, fractions of the image. */
  width: number;
  height: number;
  /** In the chest frame. */
  heart: { p: number; q: number; radiusP: number; radiusQ: number };
  /** Middle of each lung's root, in the chest frame. */
  hila: readonly (readonly [number, number])[];
}

/** Share of the image that the two lungs cover. */
const LUNG_SHARE = [0.165, 0.295] as const;
/** Nearest that a lung comes to the image's edge. */
const MARGIN = 0.025;

export function drawAnatomy(random: Random): Anatomy {
  const heart = {
    p: random.between(0.08, 0.26),
    q: random.between(0.66, 0.78),
    radiusP: random.between(0.3, 0.5),
    radiusQ: random.between(0.22, 0.32),
  };
  const right = drawRightLung(random);
  const left = drawLeftLung(random, heart);
  const frame = placeChest(random, [...right, ...left], (toImage) =>
    [right, left].reduce(
      (area, points) =>
        area +
        contourArea(
          smoothContour(
            points.map(([p, q]) => toImage(p, q)),
            4,
          ),
        ),
      0,
    ),
  );
  const contours = [right, left].map((points) =>
    smoothContour(
      points.map(([p, q]) => frame.toImage(p, q)),
      6,
    ),
  );
  return {
    ...frame,
    lungs: [contours[0], contours[1]],
    lungShare: contourArea(contours[0]) + contourArea(contours[1]),
    heart,
    hila: [
      [-random.between(0.24, 0.32), random.between(0.42, 0.52)],
      [random.between(0.24, 0.32), random.between(0.38, 0.48)],
    ],
  };
}

type Point = readonly [number, number];

/** From the apex outwards and round; p is given as positive and mirrored. */
function drawRightLung(random: Random): Point[] {
  const dome = random.between(0.06, 0.17);
  const base = random.normal(0.98, 0.02);
  const inner = random.between(0.15, 0.24);
  const apex = random.between(0.4, 0.54);
  const bulge = random.normal(1, 0.03);
  return wobble(random, [
    [apex, 0.005],
    [0.74 * bulge, 0.12],
    [0.91 * bulge, 0.34],
    [0.99 * bulge, 0.58],
    [1.02, 0.82],
    [1.01, base],
    [0.82, base - 0.45 * dome],
    [0.52, base - dome],
    [0.27, base - 0.75 * dome],
    [inner + 0.02, 0.74],
    [inner, 0.5],
    [inner - 0.01, 0.24],
    [apex - 0.2, 0.05],
  ]).map(([p, q]) => [-p, q]);
}

/** The heart pushes its inner edge outwards, the dome stands a little lower. */
function drawLeftLung(random: Random, heart: Anatomy['heart']): Point[] {
  const dome = random.between(0.04, 0.13);
  const base = random.normal(1, 0.02);
  const inner = random.between(0.16, 0.26);
  const apex = random.between(0.4, 0.54);
  const apexOfHeart = Math.min(0.74, heart.p + heart.radiusP * random.between(0.92, 1.08));
  const bulge = random.normal(1, 0.03);
  return wobble(random, [
    [apex, 0],
    [0.74 * bulge, 0.12],
    [0.91 * bulge, 0.34],
    [0.99 * bulge, 0.58],
    [1.02, 0.82],
    [1.01, base],
    [0.87, base - 0.55 * dome],
    [Math.max(0.66, apexOfHeart), base - dome],
    [apexOfHeart - 0.03, heart.q + 0.02],
    [0.5 * (apexOfHeart + inner), heart.q - 0.75 * heart.radiusQ],
    [inner + 0.02, 0.42],
    [inner + random.between(0, 0.07), 0.27],
    [apex - 0.2, 0.05],
  ]);
}

function wobble(random: Random, points: Point[]): Point[] {
  return points.map(([p, q]) => [p + random.normal(0, 0.012), q + random.normal(0, 0.008)]);
}

type Frame = Pick<Anatomy, 'toChest' | 'toImage' | 'width' | 'height'>;

/** Turns, shifts and scales the chest so that the lungs cover a drawn share and keep inside the image. */
function placeChest(random: Random, points: Point[], areaOf: (toImage: Anatomy['toImage']) => number): Frame {
  const tilt = Math.max(-0.16, Math.min(0.16, random.normal(0, 0.06)));
  const aspect = random.between(1.2, 1.95);
  const share = random.between(...LUNG_SHARE);
  const at = [random.uniform(), random.uniform()];

  const shape = chestFrame(0.5, 0.5, 0.3, 0.3 * aspect, tilt);
  const size = 0.3 * Math.sqrt(share / areaOf(shape.toImage));
  const [width, height] = fitInside(points, size, size * aspect, tilt);
  const centred = chestFrame(0, 0, width, height, tilt);
  const box = boundsOf(points.map(([p, q]) => centred.toImage(p, q)));
  // Radiographs are centred, more or less: the room that is left is used towards its middle, and above more than below.
  const place = (low: number, high: number, t: number) => MARGIN - low + (1 - 2 * MARGIN - (high - low)) * t;
  const u = place(box[0], box[1], 0.5 + (at[0] - 0.5) * 0.8);
  const v = place(box[2], box[3], 0.15 + at[1] * 0.7);
  return chestFrame(u, v, width, height, tilt);
}

function fitInside(points: Point[], width: number, height: number, tilt: number): [number, number] {
  const { toImage } = chestFrame(0, 0, width, height, tilt);
  const box = boundsOf(points.map(([p, q]) => toImage(p, q)));
  const room = 1 - 2 * MARGIN - 0.02;
  const wide = Math.min(1, room / (box[1] - box[0]));
  const tall = Math.min(1, room / (box[3] - box[2]));
  return [width * wide, height * tall];
}

function boundsOf(points: Point[]): [number, number, number, number] {
  const us = points.map(([u]) => u);
  const vs = points.map(([, v]) => v);
  return [Math.min(...us), Math.max(...us), Math.min(...vs), Math.max(...vs)];
}

/** (u, v) is where the middle of the chest (p 0, q 0.5) comes to lie. */
function chestFrame(u: number, v: number, width: number, height: number, tilt: number): Frame {
  const cos = Math.cos(tilt);
  const sin = Math.sin(tilt);
  return {
    width,
    height,
    toImage: (p, q) => {
      const x = p * width;
      const y = (q - 0.5) * height;
      return [u + x * cos - y * sin, v + x * sin + y * cos];
    },
    toChest: (imageU, imageV) => {
      const x = imageU - u;
      const y = imageV - v;
      return [(x * cos + y * sin) / width, (y * cos - x * sin) / height + 0.5];
    },
  };
}
