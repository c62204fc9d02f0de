import type { DatasetSpec } from '../dataset/dataset.js';
import type { Shared } from './rule.js';

/** For one run: gives every rule that asks with the same `make` the same accumulator. */
export function sharedBy(dataset: DatasetSpec): Shared {
  const made = new Map<unknown, unknown>();
  return <T>(make: (spec: DatasetSpec) => T): T => {
    if (!made.has(make)) made.set(make, make(dataset));
    return made.get(make) as T;
  };
}

/** For a rule that runs alone. */
export function own(dataset: DatasetSpec): Shared {
  return (make) => make(dataset);
}
