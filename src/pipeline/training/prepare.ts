import { resolveClasses } from '../dataset/classes.js';
import type { ClassSpec } from '../dataset/dataset.js';
import { type OpenedDataset, openDataset } from '../dataset/open.js';
import { UsageError, WorkError } from '../errors.js';
import type { Finding } from '../record.js';
import { counted } from '../words/figures.js';
import { weightsOf } from './class-weights.js';
import { collectExamples, type Examples } from './data/examples.js';
import type { Oversampling } from './data/sampling.js';
import { auditData } from './data-audit.js';
import { type Monitor, monitorOf } from './history.js';
import type { TrainContext } from './train-events.js';
import type { TrainRequest } from './train-request.js';

/** What a call comes to on its dataset, before a network is built. */
export interface TrainData extends OpenedDataset {
  train: Examples;
  val: Examples;
  classWeights: number[] | null;
  monitor: Monitor;
  oversampling: Oversampling;
  /** Indices. */
  cropClasses: number[];
  /** Findings about splits that were made here. */
  findings: Finding[];
}

/**
 * Opens, checks and audits the data of a training.
 * @returns null where it was interrupted
 * @throws UsageError where the call and the dataset don't go together, WorkError where the data has errors
 */
export async function prepareData(request: TrainRequest, context: TrainContext): Promise<TrainData | null> {
  const opened = openDataset({ ...request, splits: null });
  const { spec, discovery } = opened;
  const { classes } = spec;
  const monitor = monitorOf(
    request.monitor,
    classes.map(({ key }) => key),
  );
  const oversampling = oversamplingOf(request.oversample, classes);
  const cropClasses = resolveNamed('--crop-class', request.crop.classes, classes).map(({ index }) => index);
  weightsOf(request.classWeights, classes, null);
  if (!request.resplit) for (const split of ['train', 'val']) requireSplit(split, discovery.splits);

  const audited = await auditData(request, opened, context);
  if (audited === null) return null;
  if (request.resplit) {
    context.emit({
      type: 'note',
      message:
        'the dataset was split anew (--resplit), patients and duplicates kept together: scores on these splits can not be ' +
        'compared with published ones',
    });
  }
  if (audited.errors.size > 0) refuseErrors(request, audited.errors, context);

  const examples = collectExamples(audited.records(), classes.length, ({ split }) => split);
  const [train, val] = ['train', 'val'].map((split) => {
    const of = examples.get(split);
    if (of === undefined || of.positions.length === 0) {
      throw new UsageError(
        `no image of the split ${split} can be used: ${of === undefined ? 'it is empty' : `none of ${counted(of.leftOut, 'image')} has a readable picture and annotation`}`,
      );
    }
    return of;
  });
  const classWeights = weightsOf(request.classWeights, classes, train.frequencies);
  for (const { index, key } of classes) {
    if (train.frequencies[index].pixels > 0) continue;
    const weight = classWeights === null ? '' : `; its weight is ${classWeights[index]}`;
    context.emit({ type: 'note', message: `${key} is in no training image: it can't be learned${weight}` });
  }
  return { ...opened, train, val, classWeights, monitor, oversampling, cropClasses, findings: audited.findings };
}

function oversamplingOf(asked: TrainRequest['oversample'], classes: readonly ClassSpec[]): Oversampling {
  const factors = Object.entries(asked).map(([name, factor]) => {
    const [{ index }] = resolveNamed('--oversample', [name], classes);
    return [index, factor] as const;
  });
  return Object.fromEntries(factors);
}

function resolveNamed(option: string, names: readonly string[], classes: readonly ClassSpec[]): ClassSpec[] {
  if (names.length === 0) return [];
  try {
    return resolveClasses(names, classes);
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

function refuseErrors({ force, out }: TrainRequest, errors: Map<string, number>, { emit }: TrainContext): void {
  const all = [...errors.values()].reduce((sum, n) => sum + n, 0);
  const rules = [...errors].map(([rule, n]) => `${rule} ${n}`).join(', ');
  const what = `the data has ${counted(all, 'error')} (${rules}; each in ${out}/audit/findings.csv)`;
  if (!force) throw new WorkError(`${what}: a model would learn them. Mend them, or train all the same with --force`);
  emit({ type: 'note', message: `${what}; trained on all the same (--force)` });
}
