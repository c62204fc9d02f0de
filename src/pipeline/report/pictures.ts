import { differenceMap } from '../overlays/difference.js';
import { reduceLabels, reduceMean } from '../overlays/grid.js';
import { LUNG_EDGE } from '../overlays/heat.js';
import { encodePng, PHOTO_EFFORT } from '../png/encode.js';
import type { ImageView } from '../viewing/viewer.js';
import { outlinePath } from './outline.js';

/** The drawings of one case: an X-ray as a PNG, and outlines that lie over it. */
export interface CasePicture {
  /** Of the drawings' common grid, in their own units. */
  width: number;
  height: number;
  /** `data:image/png;base64,...`; null where the image can't be read. */
  image: string | null;
  /** For each class with pixels its index and outline; null where there is no such map. */
  truth: Outline[] | null;
  predicted: Outline[] | null;
  /** Of the class that the case is about: 1 hit, 2 missed, 3 false alarm. */
  difference: Outline[] | null;
  /** Of a classifier, for each class that is looked at: levels of heat and the edge of the lungs, as `drawableHeat` has them. */
  heat: { classIndex: number; inLungs: number | null; levels: Outline[] }[];
}

export interface Outline {
  label: number;
  path: string;
}

/** Pixels of the longer side that a picture keeps. */
const MOST_SIDE = 384;
/** A smaller picture is drawn on a finer grid, so that textures have room. */
const LEAST_SIDE = 192;
/** Letters of all outlines together; ragged ones are drawn coarser. */
const LONGEST = 40_000;

/** Draws a view. `focus`: index of the class that the case is about. Reduced pictures keep the smallest region of it. */
export function drawCase(view: ImageView, focus: number, classCount: number): CasePicture | null {
  const side = Math.max(view.width, view.height);
  if (side === 0) return null;
  let reduce = Math.max(1, Math.ceil(side / MOST_SIDE));
  let picture = drawReduced(view, focus, classCount, reduce);
  while (letters(picture) > LONGEST && side / reduce > 16) {
    reduce *= 2;
    picture = drawReduced(view, focus, classCount, reduce);
  }
  return picture;
}

function drawReduced(view: ImageView, focus: number, classCount: number, reduce: number): CasePicture {
  const { image, truth, predicted } = view;
  const width = Math.ceil(view.width / reduce);
  const height = Math.ceil(view.height / reduce);
  const scale = Math.max(1, Math.ceil(LEAST_SIDE / Math.max(width, height)));
  const outlines = (map: Uint8Array | null, labels: number, rank: (label: number) => number): Outline[] | null => {
    if (map === null) return null;
    const small = reduceLabels(map, view.width, view.height, reduce, rank);
    return Array.from({ length: labels - 1 }, (_, i) => i + 1)
      .map((label) => ({ label, path: outlinePath(small, width, height, label, scale) }))
      .filter(({ path }) => path !== '');
  };
  const focusFirst = (label: number) => (label === focus ? 256 : label < classCount ? label : -1);
  const difference = truth && predicted ? differenceMap(truth, predicted, [focus], classCount) : null;
  return {
    width: width * scale,
    height: height * scale,
    image: image && dataUri(reduceMean(image, view.width, view.height, 1, reduce), width, height),
    truth: outlines(truth, classCount, focusFirst),
    predicted: outlines(predicted, classCount, focusFirst),
    // Of the pixels of a block, what went wrong is worth more than what went well.
    difference: outlines(difference, 4, (label) => label),
    heat: view.heat.map(({ classIndex, inLungs, map }) => ({
      classIndex,
      inLungs,
      levels: outlines(map, LUNG_EDGE + 1, (level) => level) ?? [],
    })),
  };
}

function letters({ truth, predicted, difference, heat }: CasePicture): number {
  return [truth, predicted, difference, ...heat.map(({ levels }) => levels)]
    .flatMap((outlines) => outlines ?? [])
    .reduce((sum, { path }) => sum + path.length, 0);
}

function dataUri(gray: Uint8Array, width: number, height: number): string {
  return `data:image/png;base64,${encodePng({ width, height, data: gray }, PHOTO_EFFORT).toString('base64')}`;
}
