import { createRandom } from '../random.js';
import { drawAnatomy } from './anatomy.js';
import { type Contour, fillContour } from './contour.js';
import { type Extent, smallestArea, withExtent } from './extent.js';
import { blendRow, createLattice, GRID } from './field.js';
import { drawConsolidation, drawOpacities, type Lesion } from './lesions.js';
import type { Source } from './manifest.js';
import { burnMark, burnShortcut } from './marks.js';
import { type Exposure, paintRadiograph } from './radiograph.js';
import type { Box } from './soften.js';
import { tidyMask } from './tidy.js';

export interface SampleOptions {
  /** Width and height in pixels, 64 to 1024. Default 256. */
  size?: number;
  /** Default: two of four COVID-19, one Non-COVID, one Normal, by the index. */
  source?: Source;
  /** Of COVID-19 infection masks; the picture stays the same. Default `usual`. */
  extent?: Extent;
  /** Burns a mark that no other source has into COVID-19 pictures, outside the lungs; the rest stays the same. */
  shortcut?: boolean;
}

/** One picture and its masks, size x size, row-major; masks are 0 and 255. */
export interface PhantomSample {
  size: number;
  source: Source;
  /** 8-bit gray. */
  image: Uint8Array;
  lungMask: Uint8Array;
  /** COVID-19 opacities, inside the lungs; empty for the other sources, as in the real dataset. */
  infectionMask: Uint8Array;
  /** The consolidation of a Non-COVID image, which the real dataset does not annotate; else empty. */
  nonCovidMask: Uint8Array;
}

const CYCLE: readonly Source[] = ['COVID-19', 'Non-COVID', 'COVID-19', 'Normal'];

/**
 * The picture number `index` of a seed: the same bytes for the same arguments, whatever else is made, and the same
 * content at every size.
 */
export function phantomSample(seed: number | string, index: number, options: SampleOptions = {}): PhantomSample {
  const size = options.size ?? 256;
  const source = options.source ?? CYCLE[index % CYCLE.length];
  const random = createRandom('phantom', seed, index);
  const anatomy = drawAnatomy(random);

  const lungMask = new Uint8Array(size * size);
  for (const lung of anatomy.lungs) fillContour(lung, lungMask, size);
  tidyMask(lungMask, size, smallestArea(size));

  const box = boxOf(anatomy.lungs, size);
  const drawn = drawLesion(source, createRandom('lesion', seed, index), anatomy);
  const { lesion, mask: lesionMask } = drawn
    ? rasteriseEnough(drawn, lungMask, box, size)
    : { lesion: null, mask: new Uint8Array(size * size) };
  const exposure = drawExposure(createRandom('exposure', seed, index), source);
  const image = paintRadiograph(random, anatomy, lungMask, box, lesion, exposure, size);
  burnMark(createRandom('mark', seed, index), source, image, lungMask, size);
  if (options.shortcut && source === 'COVID-19') burnShortcut(image, lungMask, size);

  const empty = new Uint8Array(size * size);
  return {
    size,
    source,
    image,
    lungMask,
    infectionMask: source === 'COVID-19' ? withExtent(lesionMask, lungMask, size, options.extent ?? 'usual') : empty,
    nonCovidMask: source === 'Non-COVID' ? lesionMask : empty,
  };
}

function drawLesion(
  source: Source,
  random: ReturnType<typeof createRandom>,
  anatomy: ReturnType<typeof drawAnatomy>,
): Lesion | null {
  if (source === 'COVID-19') return drawOpacities(random, anatomy);
  return source === 'Non-COVID' ? drawConsolidation(random, anatomy) : null;
}

/** Sources differ a little in brightness and grain, as they do in the real set, and overlap almost wholly. */
function drawExposure(random: ReturnType<typeof createRandom>, source: Source): Exposure {
  const brighter = { 'COVID-19': 0.015, 'Non-COVID': 0, Normal: -0.015 }[source];
  return {
    lift: random.normal(0.01, 0.03) + brighter,
    contrast: random.between(0.9, 1.2),
    gamma: random.between(0.85, 1.45),
    grain: random.between(1.5, 2.4),
  };
}

/** Least share of the lungs that a lesion covers. */
const LEAST_SHARE = 0.02;

/**
 * The lesion with its mask; where small pieces are all there is, and specks at this size, the lesion grows until it has
 * enough.
 */
function rasteriseEnough(
  lesion: Lesion,
  lungMask: Uint8Array,
  box: Box,
  size: number,
): { lesion: Lesion; mask: Uint8Array } {
  const enough = LEAST_SHARE * countOn(lungMask);
  for (let grown = lesion; ; grown = { ...grown, threshold: grown.threshold - 0.1 * grown.softness }) {
    const mask = rasterise(grown, lungMask, box, size);
    if (countOn(mask) >= enough) return { lesion: grown, mask };
  }
}

function countOn(mask: Uint8Array): number {
  let on = 0;
  for (let i = 0; i < mask.length; i++) on += mask[i] & 1;
  return on;
}

/** The lesion's mask inside the lungs, without specks and holes. */
function rasterise(lesion: Lesion, lungMask: Uint8Array, box: Box, size: number): Uint8Array {
  const mask = new Uint8Array(size * size);
  const lattice = createLattice(size);
  const { nodes, fractions } = lattice;
  const row = new Float32Array(GRID);
  for (let y = box.top; y < box.bottom; y++) {
    blendRow(lesion.field, lattice, y, row);
    for (let x = box.left, i = y * size + x; x < box.right; x++, i++) {
      if (lungMask[i] === 0) continue;
      const k = nodes[x];
      if (row[k] + (row[k + 1] - row[k]) * fractions[x] > lesion.threshold) mask[i] = 255;
    }
  }
  tidyMask(mask, size, smallestArea(size));
  return mask;
}

/** The pixels that the contours can cover. */
function boxOf(contours: readonly Contour[], size: number): Box {
  const box = { left: size, top: size, right: 0, bottom: 0 };
  for (const contour of contours) {
    for (let i = 0; i < contour.length; i += 2) {
      box.left = Math.min(box.left, Math.floor(contour[i] * size));
      box.right = Math.max(box.right, Math.ceil(contour[i] * size));
      box.top = Math.min(box.top, Math.floor(contour[i + 1] * size));
      box.bottom = Math.max(box.bottom, Math.ceil(contour[i + 1] * size));
    }
  }
  return {
    left: Math.max(0, box.left),
    top: Math.max(0, box.top),
    right: Math.min(size, box.right),
    bottom: Math.min(size, box.bottom),
  };
}
