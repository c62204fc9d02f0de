import type { Random } from '../../random.js';
import { type Affine, apply, IDENTITY, invert } from './affine.js';
import type { ExampleSize } from './warp.js';

/** What changes from one look at an image to the next. Nothing of it is done in validation. */
export interface Augmentation {
  flip: 'none' | 'horizontal' | 'vertical' | 'both';
  /** Up to so many degrees to either side. */
  rotate: number;
  /** 0.1: from 0.9 to 1.1 times the size. */
  scale: number;
  /** 0.1: up to a tenth of the range of grays lighter or darker. */
  brightness: number;
  /** 0.1: from 0.9 to 1.1 times the distance from the middle gray. */
  contrast: number;
}

export const NO_AUGMENTATION: Augmentation = { flip: 'none', rotate: 0, scale: 0, brightness: 0, contrast: 0 };

/** A window of the image, brought to the size of the examples. */
export interface Crop {
  /** Its width and height as a share of the image's; 1: the whole image. */
  share: number;
  /** Indices of classes; where the image has one of them, a pixel of it is in the window. */
  classes: readonly number[];
}

export const NO_CROP: Crop = { share: 1, classes: [] };

/** Grays of the example from those of the image: 256 entries, null where they stay. */
export type GrayTable = Uint8Array | null;

/** A lesion's place, in shares as `Affine` has them. */
export type Place = readonly [x: number, y: number];

/**
 * Draws the geometric map of one example. Always in the same order and number of draws, so that an option changes no other.
 * @param findPlace a random pixel of one of the crop's classes; null where the image has none
 */
export function drawMap(
  random: Random,
  { flip, rotate, scale }: Augmentation,
  crop: Crop,
  size: ExampleSize,
  findPlace: (random: Random) => Place | null,
): Affine {
  const flipX = random.chance(0.5) && (flip === 'horizontal' || flip === 'both');
  const flipY = random.chance(0.5) && (flip === 'vertical' || flip === 'both');
  const angle = (random.between(-rotate, rotate) * Math.PI) / 180;
  const zoom = random.between(1 - scale, 1 + scale);
  const place = crop.share < 1 && crop.classes.length > 0 ? findPlace(random) : null;
  const wished: Place = [random.between(-0.5, 0.5), random.between(-0.5, 0.5)];
  const stays = !flipX && !flipY && angle === 0 && zoom === 1;
  if (stays && crop.share === 1) return IDENTITY;

  // A turn is one in pixels: shares of a side that is longer count for more.
  const aspect = size.width / size.height;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const [x, y] = [(flipX ? -1 : 1) * (crop.share / zoom), (flipY ? -1 : 1) * (crop.share / zoom)];
  const turned: Affine = { a: x * cos, b: (-y * sin) / aspect, c: x * sin * aspect, d: y * cos, tx: 0, ty: 0 };
  if (crop.share === 1) return turned;
  const room = (1 - crop.share) / 2;
  if (place === null) return { ...turned, tx: 2 * room * wished[0], ty: 2 * room * wished[1] };

  // The lesion comes to lie where it was wished; the window stays in the image where that does not lose it again.
  const [dx, dy] = apply(turned, wished[0], wished[1]);
  const free = { ...turned, tx: place[0] - dx, ty: place[1] - dy };
  const kept = { ...turned, tx: clamp(free.tx, room), ty: clamp(free.ty, room) };
  const [u, v] = invert(kept, place[0], place[1]);
  return Math.abs(u) < 0.5 && Math.abs(v) < 0.5 ? kept : free;
}

/** Draws the change of grays; null for none. */
export function drawGrays(random: Random, { brightness, contrast }: Augmentation): GrayTable {
  const lift = 255 * random.between(-brightness, brightness);
  const gain = random.between(1 - contrast, 1 + contrast);
  if (lift === 0 && gain === 1) return null;
  // Clamped and rounded by the array.
  return Uint8Array.from(Uint8ClampedArray.from({ length: 256 }, (_, gray) => (gray - 127.5) * gain + 127.5 + lift));
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
