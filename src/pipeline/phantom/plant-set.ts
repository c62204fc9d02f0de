import { UsageError } from '../errors.js';
import type { Extent } from './extent.js';
import { type PlantedFault, SPLITS, type Split } from './manifest.js';
import { type Cell, idOf, type Plan, pathOf, patientName, placeOf, ROOT, type Shares } from './plan.js';

/** Faults that the set as a whole has: they change the plan before an image is made. */
export interface SetFaults {
  shares: Shares;
  extent: Extent;
  shortcut: boolean;
  /** Split folders without an image. */
  empty: Split[];
  planted: PlantedFault[];
}

/**
 * B001, B002, B003, D010, L009 and P008, each planted once. @throws UsageError where they exclude each other or have no room.
 */
export function plantInShares(usual: Shares, faults: readonly string[]): SetFaults {
  const shares: Shares = structuredClone(usual);
  const out: SetFaults = { shares, extent: 'usual', shortcut: false, empty: [], planted: [] };
  const ask = (rule: string) => faults.includes(rule);
  const plant = (rule: string, path: string, how: string, also: string[] = []) =>
    out.planted.push({ rule, image: '', path, relatedPath: '', how, also });
  for (const other of ['B002', 'D009', 'L008']) {
    if (ask('L009') && ask(other))
      throw new UsageError(
        `L009 and ${other} can't be planted in one set: in L009's every infection is the whole lung`,
      );
  }

  if (ask('D010')) {
    const split = SPLITS.find((s) => !shares[s]) ?? 'Val';
    delete shares[split];
    out.empty.push(split);
    plant('D010', `${ROOT}/${split}`, 'split folder without images');
  }
  const change = (rule: string, order: Split[], source: Record<'COVID-19' | 'Non-COVID' | 'Normal', number>) => {
    const split = order.find((s) => shares[s] && !changed.has(s));
    if (!split || Object.keys(shares).length < 2) throw new UsageError(`${rule} needs two splits with images`);
    changed.add(split);
    const all = Object.values(shares[split]!).reduce((sum, n) => sum + n, 0);
    shares[split] = {
      'COVID-19': all * source['COVID-19'],
      'Non-COVID': all * source['Non-COVID'],
      Normal: all * source.Normal,
    };
    return split;
  };
  const changed = new Set<Split>();
  if (ask('B001')) {
    const split = change('B001', ['Val', 'Test', 'Train'], { 'COVID-19': 0, 'Non-COVID': 0.5, Normal: 0.5 });
    plant('B001', `${ROOT}/${split}`, `no COVID-19 image in ${split}`, ['B003']);
  }
  if (ask('B003')) {
    const split = change('B003', ['Test', 'Train', 'Val'], { 'COVID-19': 0.15, 'Non-COVID': 0.15, Normal: 0.7 });
    plant('B003', `${ROOT}/${split}`, `70 % of ${split} are Normal`);
  }
  if (ask('B002')) {
    out.extent = 'tiny';
    plant('B002', '', 'infections of a few pixels in all COVID-19 images');
  }
  if (ask('L009')) {
    out.extent = 'lung';
    plant('L009', '', 'infection is the whole lung in all COVID-19 images');
  }
  if (ask('P008')) {
    out.shortcut = true;
    plant('P008', '', 'a mark in the lower left corner of all COVID-19 images, and of no other');
  }
  return out;
}

/** D011: COVID-19 images of two splits get one patient's name. Returns the names by index. */
export function plantPatients(plan: Plan, count: number, planted: PlantedFault[]): Record<number, string> {
  const names: Record<number, string> = {};
  const cells = plan.cells.filter(({ source }) => source === 'COVID-19');
  for (let turn = 0; turn < count; turn++) {
    // From the cells' ends, where the usual names are the least likely to be a patient's second session.
    const [a, b] = [cells[turn % cells.length], cells[(turn + 1) % cells.length]];
    const pair = cells.length < 2 ? [] : [lastPlain(a, names), lastPlain(b, names)];
    if (pair.length < 2 || pair.some((index) => index === null)) {
      throw new UsageError('D011 needs COVID-19 images in two splits, a pair for each that is planted');
    }
    const number = plan.images + 1 + turn;
    pair.forEach((index, session) => {
      names[index!] = patientName(number, 2 * number + session);
    });
    const [first, second] = pair.map((index) => placeOf({ ...plan, names }, index!));
    planted.push({
      rule: 'D011',
      image: idOf(second),
      path: pathOf(second, 'image'),
      relatedPath: pathOf(first, 'image'),
      how: `patient S${String(number).padStart(5, '0')} in ${first.split} and ${second.split}`,
      also: [],
    });
  }
  return names;
}

/** The last image of a cell that has no new name yet. */
function lastPlain({ first, count }: Cell, names: Record<number, string>): number | null {
  for (let index = first + count - 1; index >= first; index--) if (!(index in names)) return index;
  return null;
}
