import path from 'node:path';
import { UsageError, WorkError } from '../errors.js';
import type { Finding } from '../record.js';
import { csvRecord } from '../sinks/csv.js';
import { writeFile } from '../sinks/files.js';
import { counted } from '../words/figures.js';
import type { CheckedCall } from './check-call.js';
import { weightsOf } from './class-weights.js';
import { collectExamples, type Examples } from './data/examples.js';
import { auditData } from './data-audit.js';
import type { TrainContext } from './train-events.js';
import type { TrainRequest } from './train-request.js';

/** Which image is in which split, where the splits were made here. */
const SPLITS_FILE = 'splits.csv';

/** What is learned from. */
export interface TrainData {
  train: Examples;
  val: Examples;
  /** Of each class in the loss; null: none. */
  classWeights: number[] | null;
  /** About splits that were made here. */
  findings: Finding[];
}

/**
 * Audits the data of a training, and sorts it into splits.
 * @returns null where it was interrupted
 * @throws WorkError where the data has errors and nobody insists, UsageError where a split holds nothing to learn from
 */
export async function prepareData(
  request: TrainRequest,
  call: CheckedCall,
  context: TrainContext,
): Promise<TrainData | null> {
  const { emit } = context;
  const audited = await auditData(request, call, context);
  if (audited === null) return null;
  if (request.resplit) {
    const rows = Array.from(audited.records(), ({ image, split }) => csvRecord([image, split]));
    writeFile(path.join(request.out, SPLITS_FILE), csvRecord(['image', 'split']) + rows.join(''));
    emit({
      type: 'note',
      message:
        `the dataset was split anew (--resplit), patients and duplicates kept together (${SPLITS_FILE} says how): scores on ` +
        'these splits can not be compared with published ones',
    });
  }
  if (audited.errors.size > 0) refuseErrors(request, audited.errors, context);

  const { classes } = call.spec;
  const examples = collectExamples(audited.records(), classes.length, ({ split }) => split);
  const [train, val] = ['train', 'val'].map((split) => usable(split, examples.get(split)));
  const classWeights = weightsOf(request.classWeights, call.spec, train.frequencies);
  for (const { index, key } of classes) {
    if (train.frequencies[index].pixels > 0) continue;
    const weight = classWeights === null ? '' : `; its weight is ${classWeights[index]}`;
    emit({ type: 'note', message: `${key} is in no training image: it can't be learned${weight}` });
  }
  return { train, val, classWeights, findings: audited.findings };
}

function usable(split: string, examples: Examples | undefined): Examples {
  if (examples !== undefined && examples.positions.length > 0) return examples;
  const why =
    examples === undefined
      ? 'it is empty'
      : `none of its ${counted(examples.leftOut, 'image')} has a picture and an annotation that can be read`;
  throw new UsageError(`there is nothing to learn from in the split ${split}: ${why}`);
}

function refuseErrors({ force, out }: TrainRequest, errors: Map<string, number>, { emit }: TrainContext): void {
  const all = [...errors.values()].reduce((sum, n) => sum + n, 0);
  const rules = [...errors].map(([rule, n]) => `${rule} ${n}`).join(', ');
  const what = `the data has ${counted(all, 'error')} (${rules}; each in ${out}/audit/findings.csv)`;
  if (!force) throw new WorkError(`${what}: a model would learn them. Mend them, or train all the same with --force`);
  emit({ type: 'note', message: `${what}; trained on all the same (--force)` });
}
