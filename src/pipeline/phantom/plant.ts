import { UsageError } from '../errors.js';
import { createRandom } from '../random.js';
import type { Ground, Victim } from './ground.js';
import type { PlantedFault, Source } from './manifest.js';
import { type Place, type Plan, placeOf } from './plan.js';

/** How the fault of a rule is planted on an image. Rules whose fault has several forms take them in turns, from 0. */
export interface Plant {
  /** What image it needs; several: in turns. */
  sources: readonly Source[];
  /** It needs a second split with images of the source. */
  across?: boolean;
  plant(ground: Ground, victim: Victim, turn: number): PlantedFault;
}

/** A fault that is to be planted on the image at `place`. */
export interface Appointment {
  plant: Plant;
  turn: number;
  place: Place;
}

/**
 * Chooses an image for each fault, by the seed, none for two, and none that has a patient's name of D011.
 * @throws UsageError where there are not enough of them.
 */
export function appoint(plan: Plan, plants: readonly (readonly [string, Plant])[], count: number): Appointment[] {
  const random = createRandom('victims', plan.seed);
  const taken = new Set(Object.keys(plan.names).map(Number));
  const appointments: Appointment[] = [];
  for (const [rule, plant] of plants) {
    for (let turn = 0; turn < count; turn++) {
      const source = plant.sources[turn % plant.sources.length];
      const cells = plan.cells.filter((cell) => cell.source === source);
      if (plant.across && cells.length < 2) throw new UsageError(`${rule} needs images of ${source} in two splits`);
      const indexes = cells.flatMap((cell) => Array.from({ length: cell.count }, (_, i) => cell.first + i));
      const free = indexes.filter((index) => !taken.has(index));
      if (free.length === 0) {
        throw new UsageError(
          `no ${source} image without a fault is left for ${rule}: make more images or fewer faults`,
        );
      }
      const place = placeOf(plan, random.pick(free));
      taken.add(place.index);
      appointments.push({ plant, turn, place });
    }
  }
  return appointments;
}
