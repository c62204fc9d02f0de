import { encodePng, PHOTO_EFFORT } from '../png/encode.js';
import { keepPart } from './extent.js';
import type { Ground, Victim } from './ground.js';
import { encodeMask } from './make.js';
import { type PlantedFault, SOURCES, type Split } from './manifest.js';
import { idOf, type Place, pathOf } from './plan.js';
import type { Plant } from './plant.js';

/** D006 to D009: images that are there twice. The manifest names the copy, and the original as related. */
export const plantCopies: Record<string, Plant> = {
  D006: {
    sources: SOURCES,
    plant(ground, victim, turn) {
      const copy = { ...victim.place, name: ground.spareName(victim.place.source) };
      // Every other copy is compressed in another way: the same picture is not the same file.
      if (turn % 2 === 0) victim.duplicate(copy);
      else victim.duplicate(copy, { image: encodeImage(ground, victim.sample.image, 'up') });
      return report('D006', victim, copy, 'copied under another name');
    },
  },

  D007: {
    sources: SOURCES,
    across: true,
    plant(ground, victim) {
      const copy = inOtherSplit(ground, victim);
      victim.duplicate(copy);
      return report('D007', victim, copy, `copied to ${copy.split}`);
    },
  },

  D008: {
    sources: SOURCES,
    across: true,
    plant(ground, victim) {
      const copy = inOtherSplit(ground, victim);
      const brighter = victim.sample.image.map((gray) => Math.min(255, gray + 2 + (ground.random.chance(0.2) ? 1 : 0)));
      victim.duplicate(copy, { image: encodeImage(ground, brighter, 'photo') });
      return report('D008', victim, copy, `copied to ${copy.split}, 2 grays brighter and slightly noisy`);
    },
  },

  D009: {
    sources: ['COVID-19'],
    plant(ground, victim) {
      const copy = { ...victim.place, name: ground.spareName('COVID-19') };
      const { infectionMask } = victim.sample;
      const area = infectionMask.reduce((sum, value) => sum + (value >> 7), 0);
      const half = keepPart(infectionMask, ground.size, Math.ceil(area / 2));
      victim.duplicate(copy, { infection: encodeMask(half, ground.size) });
      return report('D009', victim, copy, 'copied under another name with half of the infection', ['D006']);
    },
  },
};

function encodeImage({ size }: Ground, data: Uint8Array, filter: 'up' | 'photo'): Buffer {
  return encodePng({ width: size, height: size, data }, { ...PHOTO_EFFORT, filter });
}

function inOtherSplit(ground: Ground, { place }: Victim): Omit<Place, 'index'> {
  const others = ground.splitsOf(place.source).filter((split) => split !== place.split);
  const split: Split = ground.random.pick(others);
  return { split, source: place.source, name: ground.spareName(place.source) };
}

function report(
  rule: string,
  victim: Victim,
  copy: Omit<Place, 'index'>,
  how: string,
  also: string[] = [],
): PlantedFault {
  return {
    rule,
    image: idOf(copy),
    path: pathOf(copy, 'image'),
    relatedPath: pathOf(victim.place, 'image'),
    how,
    also,
  };
}
