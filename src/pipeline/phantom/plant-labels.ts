import { drawBlob, smallestArea } from './extent.js';
import type { Ground } from './ground.js';
import { encodeMask } from './make.js';
import type { Plant } from './plant.js';
import { maskOf } from './plant-files.js';
import { addSpecks } from './specks.js';
import { tidyMask } from './tidy.js';

/** L001 to L008: masks whose values or shapes are wrong. */
export const plantLabels: Record<string, Plant> = {
  L001: {
    sources: ['COVID-19', 'Normal'],
    plant(ground, victim, turn) {
      const leaf = turn % 2 === 0 ? 'infection' : 'lung';
      const ones = maskOf(victim, leaf).map((value) => value & 1);
      victim.replace(leaf, encodeMask(ones, ground.size));
      return victim.report('L001', leaf, 'mask written as 0/1');
    },
  },

  L002: {
    sources: ['COVID-19', 'Normal'],
    plant(ground, victim, turn) {
      const leaf = turn % 2 === 0 ? 'infection' : 'lung';
      victim.replace(leaf, encodeMask(interpolated(maskOf(victim, leaf), ground.size), ground.size));
      return victim.report('L002', leaf, 'edges interpolated; cut at 128 it is as it was');
    },
  },

  L003: {
    sources: ['COVID-19'],
    plant(ground, victim, turn) {
      const edges = interpolated(victim.sample.infectionMask, ground.size);
      const flat = turn % 2 === 0;
      const faint = victim.sample.infectionMask.map((value, i) => (value === 0 ? 0 : flat ? 100 : edges[i] >> 1));
      victim.replace('infection', encodeMask(faint, ground.size));
      const how = flat
        ? 'infection written as 100: lost when it is cut at 128'
        : 'infection written as 64 to 127: lost when it is cut at 128';
      return victim.report('L003', 'infection', how, ['L002']);
    },
  },

  L004: {
    sources: ['COVID-19'],
    plant(ground, victim) {
      victim.replace('infection', encodeMask(new Uint8Array(ground.size ** 2), ground.size));
      return victim.report('L004', 'infection', 'infection mask of a COVID-19 image emptied');
    },
  },

  L005: {
    sources: ['Normal'],
    plant(ground, victim) {
      const blob = drawBlob(ground.random, victim.sample.lungMask, null, ground.size);
      victim.replace('infection', encodeMask(blob, ground.size));
      return victim.report('L005', 'infection', 'infection drawn on a Normal image');
    },
  },

  L006: {
    sources: ['COVID-19'],
    plant(ground, victim) {
      const { lungMask, infectionMask } = victim.sample;
      const outside = lungMask.map((value) => 255 - value);
      const blob = drawBlob(ground.random, outside, null, ground.size);
      const both = infectionMask.map((value, i) => value | blob[i]);
      tidyMask(both, ground.size, smallestArea(ground.size));
      victim.replace('infection', encodeMask(both, ground.size));
      return victim.report('L006', 'infection', 'infection drawn beside the lungs');
    },
  },

  L007: {
    sources: ['Normal'],
    plant(ground, victim, turn) {
      const [mask, how] = wrongLungs(ground, victim.sample.lungMask, turn);
      victim.replace('lung', encodeMask(mask, ground.size));
      return victim.report('L007', 'lung', how);
    },
  },

  L008: {
    sources: ['COVID-19'],
    plant(ground, victim) {
      const mask = victim.sample.infectionMask.slice();
      const { specks, hole } = addSpecks(ground.random, mask, victim.sample.lungMask, ground.size);
      victim.replace('infection', encodeMask(mask, ground.size));
      return victim.report('L008', 'infection', `specks of ${specks.join(', ')} pixels, hole of ${hole}`);
    },
  },
};

/** The mask smoothed by 1-2-1 each way, as a bilinear resize does, but never across 128: cut there it is the same. */
function interpolated(mask: Uint8Array, size: number): Uint8Array {
  const at = (x: number, y: number) =>
    mask[Math.min(size - 1, Math.max(0, y)) * size + Math.min(size - 1, Math.max(0, x))];
  const across = (x: number, y: number) => at(x - 1, y) + 2 * at(x, y) + at(x + 1, y);
  return mask.map((value, i) => {
    const [x, y] = [i % size, Math.floor(i / size)];
    const smooth = Math.round((across(x, y - 1) + 2 * across(x, y) + across(x, y + 1)) / 16);
    return value === 0 ? Math.min(127, smooth) : Math.max(128, smooth);
  });
}

function wrongLungs({ size }: Ground, lungs: Uint8Array, turn: number): [Uint8Array, string] {
  const where = (accepts: (x: number, y: number, value: number) => boolean) =>
    lungs.map((value, i) => (accepts(i % size, Math.floor(i / size), value) ? 255 : 0));
  const margin = Math.max(1, Math.round(size * 0.015));
  const inFrame = (c: number) => c >= margin && c < size - margin;
  switch (turn % 4) {
    case 0:
      return [where(() => false), 'no lung'];
    case 1: {
      const one = where((x, _y, value) => value > 0 && x < size / 2);
      // Where the other lung reaches over the middle a piece of it is left.
      tidyMask(one, size, Math.round(0.02 * size * size));
      return [one, 'one lung'];
    }
    case 2:
      return [where((x, y) => inFrame(x) && inFrame(y)), 'nearly all of the image'];
    default:
      return [where((_x, _y, value) => value === 0), 'inverted'];
  }
}
