import { createRandom } from '../../random.js';
import type { Examples } from './examples.js';

/** How often an image with a class is shown in an epoch, by class index; at least 1. An image with several: the most of them. */
export type Oversampling = Readonly<Record<number, number>>;

/** Examples that an epoch shows: the same number in every epoch. */
export function epochLength(examples: Examples, oversampling: Oversampling): number {
  let length = 0;
  for (const [factor, members] of byFactor(examples, oversampling)) length += shownOf(factor, members.length);
  return length;
}

/** The order in which an epoch shows its examples, numbers into `examples.positions`: a function of seed and epoch alone. */
export function epochOrder(examples: Examples, oversampling: Oversampling, seed: number, epoch: number): number[] {
  const random = createRandom(seed, 'order', epoch);
  const order: number[] = [];
  for (const [factor, members] of byFactor(examples, oversampling)) {
    const whole = Math.floor(factor);
    for (let n = 0; n < whole; n++) for (const member of members) order.push(member);
    // What is left of a factor of 2.5: half of the images once more, others in each epoch.
    const rest = shownOf(factor, members.length) - whole * members.length;
    if (rest > 0) order.push(...random.shuffle([...members]).slice(0, rest));
  }
  return random.shuffle(order);
}

function shownOf(factor: number, images: number): number {
  return Math.round(factor * images);
}

/** Examples by how often they are shown, in the order of the factors' first images. */
function byFactor({ positions, present }: Examples, oversampling: Oversampling): Map<number, number[]> {
  const classes = positions.length === 0 ? 0 : present.length / positions.length;
  const groups = new Map<number, number[]>();
  positions.forEach((_, example) => {
    let factor = 1;
    for (let c = 0; c < classes; c++) {
      if (present[example * classes + c] === 1) factor = Math.max(factor, oversampling[c] ?? 1);
    }
    const group = groups.get(factor);
    if (group) group.push(example);
    else groups.set(factor, [example]);
  });
  return groups;
}
