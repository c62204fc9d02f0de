import path from 'node:path';
import { UsageError } from '../errors.js';
import type { Job } from './make.js';
import { FAULTS, type PlantedFault, SPLITS, type Split } from './manifest.js';
import { layCells, type Plan, REAL_IMAGES, usualShares } from './plan.js';
import { type Appointment, appoint, type Plant } from './plant.js';
import { plantCopies } from './plant-copies.js';
import { plantFiles } from './plant-files.js';
import { plantLabels } from './plant-labels.js';
import { plantInShares, plantPatients } from './plant-set.js';
import type { ErrorRates } from './predict.js';

/** A set to make. Rates and shares are 0..1. */
export interface PhantomOptions extends Partial<ErrorRates> {
  /** Folder of the dataset: new or empty. */
  dir: string;
  /** Default 5,826, the size of COVID-QU-Ex's infection set. */
  images?: number;
  /** Default 1. */
  seed?: number | string;
  /** Width and height, 64 to 1024; default 256. */
  size?: number;
  /** Share of COVID-19 images; the others are half Non-COVID, half Normal. Default: as in the real set, 0.5. */
  prevalence?: number | null;
  /** Default: all three. Without regard to case. */
  splits?: readonly string[];
  /** Worker threads; default: one a core. The files are the same with any number. */
  jobs?: number;
  /** Rules whose faults are planted, each `faultCount` times (default 1); rules about the whole set once. */
  faults?: readonly string[];
  faultCount?: number;
  /** Write the infection masks of Non-COVID images too, which are empty in the real set. */
  nonCovidMasks?: boolean;
  /** Replace a phantom that lies in the folder. */
  overwrite?: boolean;
  /**
   * Folder for simulated predictions, one label map for each image; null or absent: none. Default rates: no error,
   * noise 0.4.
   */
  predictions?: string | null;
}

const LIMITS = { size: [64, 1024], images: [1, 10_000_000] } as const;

/** What the options come to: the images, and the faults that the plan has in it already. */
export interface Request {
  job: Job;
  /** Faults that are planted on single images when all are made. */
  appointments: Appointment[];
  /** Splits that get a folder and no image. */
  empty: Split[];
  planted: PlantedFault[];
}

const PLANTS: Readonly<Record<string, Plant>> = { ...plantFiles, ...plantCopies, ...plantLabels };

/** @throws UsageError for options that make no set. */
export function readRequest(options: PhantomOptions): Request {
  const { images = REAL_IMAGES, size = 256, prevalence = null, seed = 1, faultCount = 1, dir, predictions } = options;
  const faults = checkFaults(options.faults ?? []);
  checkWhole('images', images, ...LIMITS.images);
  checkWhole('size', size, ...LIMITS.size);
  checkWhole('fault count', faultCount, 1, images);
  if (prevalence !== null) checkShare('prevalence', prevalence);
  if (predictions && isInside(predictions, dir)) {
    throw new UsageError(`predictions can't lie in the dataset's own folder: ${predictions} is in ${dir}`);
  }

  const { shares, extent, shortcut, empty, planted } = plantInShares(
    usualShares(splitsOf(options.splits), prevalence),
    faults,
  );
  const plan: Plan = {
    seed,
    size,
    images,
    cells: layCells(images, shares),
    nonCovidMasks: options.nonCovidMasks ?? false,
    extent,
    shortcut,
    names: {},
  };
  const names = faults.includes('D011') ? plantPatients(plan, faultCount, planted) : {};
  const job: Job = {
    plan: { ...plan, names },
    dir,
    predictions: predictions ? { dir: predictions, rates: ratesOf(options) } : null,
  };
  const plants = faults.flatMap((rule) => (PLANTS[rule] ? [[rule, PLANTS[rule]] as const] : []));
  return { job, appointments: appoint(job.plan, plants, faultCount), empty, planted };
}

function isInside(folder: string, parent: string): boolean {
  const way = path.relative(path.resolve(parent), path.resolve(folder));
  return way === '' || (!way.startsWith('..') && !path.isAbsolute(way));
}

function checkFaults(wished: readonly string[]): string[] {
  const unknown = wished.filter((fault) => !(FAULTS as readonly string[]).includes(fault));
  if (unknown.length > 0) {
    throw new UsageError(`no fault ${unknown.join(', ')} can be planted; these can: ${FAULTS.join(', ')}`);
  }
  return FAULTS.filter((fault) => wished.includes(fault));
}

function splitsOf(wished: readonly string[] | undefined): Split[] {
  if (!wished) return [...SPLITS];
  return wished.map((name) => {
    const split = SPLITS.find((s) => s.toLowerCase() === name.toLowerCase());
    if (!split) throw new UsageError(`no split '${name}': a phantom has ${SPLITS.join(', ')}`);
    return split;
  });
}

function ratesOf(options: PhantomOptions): ErrorRates {
  const {
    missRate = 0,
    falseAlarmRate = 0,
    swapRate = 0,
    disjointRate = 0,
    noise = 0.4,
    neverPredict = null,
  } = options;
  const rates = { missRate, falseAlarmRate, swapRate, disjointRate, noise };
  for (const [name, value] of Object.entries(rates)) checkShare(name, value);
  return { ...rates, neverPredict };
}

function checkShare(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new UsageError(`${name} is a share from 0 to 1, got ${value}`);
}

function checkWhole(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new UsageError(`${name} is a whole number from ${low} to ${high}, got ${value}`);
  }
}
