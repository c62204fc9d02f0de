import { resolveClasses } from '../dataset/classes.js';
import type { ClassSpec, DatasetSpec } from '../dataset/dataset.js';
import { imageLevel } from '../dataset/image-level.js';
import { type OpenedDataset, openDataset } from '../dataset/open.js';
import { UsageError } from '../errors.js';
import { foreignFolders } from '../sinks/run-folder.js';
import { checkTask } from './check-task.js';
import { weightsOf } from './class-weights.js';
import type { Oversampling } from './data/sampling.js';
import { type Monitor, monitorOf } from './history.js';
import { frozenLayers } from './networks/freezing.js';
import { buildNetwork } from './networks/network.js';
import type { TrainRequest } from './train-request.js';

/** What a call comes to on its dataset, before a file of it is opened. */
export interface CheckedCall extends OpenedDataset {
  /** With the classes that are learned: those of images where images are classified. */
  spec: DatasetSpec;
  monitor: Monitor;
  oversampling: Oversampling;
  /** Indices. */
  cropClasses: number[];
  /** Wanted of a class, by index. */
  sensitivities: Readonly<Record<number, number>>;
}

/** @throws UsageError where the call is wrong, or does not go with the dataset */
export function checkCall(request: TrainRequest): CheckedCall {
  const opened = openDataset({ ...request, splits: null }, foreignFolders(null));
  const { discovery } = opened;
  checkTask(request, opened.spec);
  const spec =
    request.task === 'classification'
      ? naming('--label-class', () => imageLevel(opened.spec, request.labelClasses))
      : opened.spec;
  const { classes } = spec;
  const { architecture } = request.network;
  const network = buildNetwork({ ...request.network, classes: classes.length });
  for (const { freeze } of [request, ...request.unfreeze]) frozenLayers(architecture, network, freeze);
  weightsOf(request.classWeights, spec, null);
  if (!request.resplit) for (const split of ['train', 'val']) requireSplit(split, discovery.splits);
  return {
    ...{ spec, discovery },
    monitor: monitorOf(
      request.monitor,
      request.task,
      classes.map(({ key }) => key),
    ),
    oversampling: byIndex('--oversample', request.oversample, classes),
    sensitivities: byIndex('--sensitivity', request.sensitivities, classes),
    cropClasses: classesNamed('--crop-class', request.crop.classes, classes).map(({ index }) => index),
  };
}

/** A number for each class by its index, in place of the name that the user wrote. */
function byIndex(
  option: string,
  asked: Readonly<Record<string, number>>,
  classes: readonly ClassSpec[],
): Record<number, number> {
  const numbers = Object.entries(asked).map(([name, value]) => {
    const [{ index }] = classesNamed(option, [name], classes);
    return [index, value] as const;
  });
  return Object.fromEntries(numbers);
}

function classesNamed(option: string, names: readonly string[], classes: readonly ClassSpec[]): ClassSpec[] {
  return names.length === 0 ? [] : naming(option, () => resolveClasses(names, classes));
}

/** Says of a name that is wrong which option it was. */
function naming<T>(option: string, resolve: () => T): T {
  try {
    return resolve();
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
