import { resolveClasses } from '../dataset/classes.js';
import type { ClassSpec } from '../dataset/dataset.js';
import { type OpenedDataset, openDataset } from '../dataset/open.js';
import { UsageError } from '../errors.js';
import { foreignFolders } from '../sinks/run-folder.js';
import { weightsOf } from './class-weights.js';
import type { Oversampling } from './data/sampling.js';
import { type Monitor, monitorOf } from './history.js';
import { frozenLayers } from './networks/freezing.js';
import { buildNetwork } from './networks/network.js';
import type { TrainRequest } from './train-request.js';

/** What a call comes to on its dataset, before a file of it is opened. */
export interface CheckedCall extends OpenedDataset {
  monitor: Monitor;
  oversampling: Oversampling;
  /** Indices. */
  cropClasses: number[];
}

/** @throws UsageError where the call is wrong, or does not go with the dataset */
export function checkCall(request: TrainRequest): CheckedCall {
  const opened = openDataset({ ...request, splits: null }, foreignFolders(null));
  const { spec, discovery } = opened;
  const { classes } = spec;
  const { architecture } = request.network;
  const network = buildNetwork({ ...request.network, classes: classes.length });
  for (const { freeze } of [request, ...request.unfreeze]) frozenLayers(architecture, network, freeze);
  weightsOf(request.classWeights, classes, null);
  if (!request.resplit) for (const split of ['train', 'val']) requireSplit(split, discovery.splits);
  return {
    ...opened,
    monitor: monitorOf(
      request.monitor,
      classes.map(({ key }) => key),
    ),
    oversampling: oversamplingOf(request.oversample, classes),
    cropClasses: classesNamed('--crop-class', request.crop.classes, classes).map(({ index }) => index),
  };
}

function oversamplingOf(asked: TrainRequest['oversample'], classes: readonly ClassSpec[]): Oversampling {
  const factors = Object.entries(asked).map(([name, factor]) => {
    const [{ index }] = classesNamed('--oversample', [name], classes);
    return [index, factor] as const;
  });
  return Object.fromEntries(factors);
}

function classesNamed(option: string, names: readonly string[], classes: readonly ClassSpec[]): ClassSpec[] {
  try {
    return names.length === 0 ? [] : resolveClasses(names, classes);
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(`${option}: ${error.message}`) : error;
  }
}

function requireSplit(split: string, splits: Readonly<Record<string, number>>): void {
  if ((splits[split] ?? 0) > 0) return;
  const there = Object.entries(splits).map(([name, images]) => `${name || '(none)'} ${images}`);
  const state = split in splits ? 'is empty' : 'is not there';
  throw new UsageError(
    `the split ${split} ${state}: this dataset has ${there.join(', ')}; a training needs train and val (--resplit makes both)`,
  );
}
