import type { DatasetSpec } from '../dataset/dataset.js';
import { UsageError } from '../errors.js';
import type { ImageRecord } from '../record.js';
import { openRun, type Run } from '../viewing/run.js';
import { openTrainingRun } from '../viewing/training-run.js';
import { type Beside, placeBeside } from './beside.js';
import type { Told } from './told.js';
import { toldImages } from './told-images.js';

/** A run that another one is put beside. */
interface RunHere {
  /** As messages name it. */
  folder: string;
  dataset: DatasetSpec;
  records: Iterable<ImageRecord>;
}

/**
 * Another run on the images of this one.
 * @param other its folder, absolute. @param told of this run
 * @throws UsageError where that is no run with scores, or has no image or no class in common with this one
 */
export function putBeside({ folder, dataset, records }: RunHere, other: string, told: Told): Beside {
  const images = toldImages(dataset, records);
  const beside = openScored(other);
  const there = beside.header.dataset;
  const placed = placeBeside(
    { dataset, images },
    { dataset: there, images: toldImages(there, beside.records()) },
    told,
  );
  if (placed.common === 0) {
    const where = told.split === null ? '' : ` of the split ${told.split}`;
    const [mine] = images;
    const theirs = first(beside.records());
    throw new UsageError(
      `${folder} and ${other} have no scored image${where} in common: images are matched by their paths, ` +
        `here ${mine?.image ?? 'none'}, there ${theirs?.image ?? 'none'}`,
    );
  }
  if (placed.classes.length === 0) {
    const keys = (run: DatasetSpec) => run.classes.map(({ key }) => key).join(', ');
    throw new UsageError(`${folder} and ${other} have no class in common: here ${keys(dataset)}, there ${keys(there)}`);
  }
  return placed;
}

/** @throws UsageError where the folder is no run's, or nothing was scored there */
export function openScored(folder: string): Run {
  if (openTrainingRun(folder) !== null) {
    throw new UsageError(
      `${folder} is a training, whose scores are of validation images at the model's size; audit its model and take that run: ` +
        'maskaudit audit DATASET --model RUN/model.onnx',
    );
  }
  const run = openRun(folder);
  if (run.header.model === null && run.header.predictions === null) {
    throw new UsageError(`${folder} has no predictions: it takes an audit with --model FILE or --predictions DIR`);
  }
  return run;
}

function first(records: Iterable<ImageRecord>): ImageRecord | null {
  for (const record of records) return record;
  return null;
}
