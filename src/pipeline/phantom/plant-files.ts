import { encodePng } from '../png/encode.js';
import type { Victim } from './ground.js';
import { encodeMask } from './make.js';
import { type Leaf, pathOf } from './plan.js';
import type { Plant } from './plant.js';

/** D001 to D005: files that are missing, left over, broken or of another form. */
export const plantFiles: Record<string, Plant> = {
  D001: {
    sources: ['COVID-19'],
    plant(_ground, victim) {
      victim.remove('infection');
      return victim.report('D001', 'image', 'infection mask of a COVID-19 image removed');
    },
  },

  D002: {
    sources: ['COVID-19'],
    plant(ground, victim) {
      const orphan = { ...victim.place, name: ground.spareName('COVID-19') };
      victim.copyTo(orphan, ['infection']);
      return {
        rule: 'D002',
        image: '',
        path: pathOf(orphan, 'infection'),
        relatedPath: '',
        how: 'infection mask without an image',
        also: [],
      };
    },
  },

  D003: {
    sources: ['COVID-19'],
    plant(_ground, victim, turn) {
      const leaf = (['infection', 'image', 'lung'] as const)[turn % 3];
      const bytes = victim.files[leaf];
      const kept = Math.floor(bytes.length * 0.6);
      victim.replace(leaf, bytes.subarray(0, kept));
      return victim.report('D003', leaf, `cut after ${kept} of ${bytes.length} bytes`);
    },
  },

  D004: {
    sources: ['COVID-19', 'Normal'],
    plant(ground, victim, turn) {
      const leaf = turn % 2 === 0 ? 'infection' : 'lung';
      const size = 2 * ground.size;
      victim.replace(leaf, encodeMask(doubled(maskOf(victim, leaf), ground.size), size));
      return victim.report('D004', leaf, `mask of ${size}x${size} for an image of ${ground.size}x${ground.size}`);
    },
  },

  D005: {
    sources: ['COVID-19'],
    plant(ground, victim, turn) {
      const [bytes, what] = otherForm(victim.sample.infectionMask, ground.size, turn);
      victim.replace('infection', bytes);
      return victim.report('D005', 'infection', `mask as ${what}, same values`);
    },
  },
};

export function maskOf({ sample }: Victim, leaf: Exclude<Leaf, 'image'>): Uint8Array {
  return leaf === 'lung' ? sample.lungMask : sample.infectionMask;
}

/** Each pixel four times: exact, and no part gets smaller. */
function doubled(mask: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(4 * mask.length);
  for (let i = 0; i < out.length; i++) out[i] = mask[((i >> 1) % size) + Math.floor(i / (4 * size)) * size];
  return out;
}

function otherForm(mask: Uint8Array, size: number, turn: number): [Buffer, string] {
  const shape = { width: size, height: size };
  const spread = (...channels: ((value: number) => number)[]) => {
    const out = new Uint8Array(mask.length * channels.length);
    mask.forEach((value, i) => {
      for (const [c, channel] of channels.entries()) out[i * channels.length + c] = channel(value);
    });
    return out;
  };
  const same = (value: number) => value;
  const opaque = () => 255;
  switch (turn % 5) {
    case 0:
      return [encodePng({ ...shape, color: 'rgb', data: spread(same, same, same) }), 'RGB'];
    case 1:
      return [encodePng({ ...shape, color: 'gray-alpha', data: spread(same, opaque) }), 'gray with alpha'];
    case 2:
      return [encodePng({ ...shape, data: Uint16Array.from(mask, (value) => value * 257) }), '16-bit gray'];
    case 3: {
      const data = mask.map((value) => (value ? 1 : 0));
      return [encodePng({ ...shape, color: 'palette', data, palette: [0, 0, 0, 255, 255, 255] }), 'palette'];
    }
    default:
      return [encodePng({ ...shape, color: 'rgba', data: spread(same, same, same, opaque) }), 'RGBA'];
  }
}
