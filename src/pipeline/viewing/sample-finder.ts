import type { Sample } from '../dataset/dataset.js';
import { openDataset } from '../dataset/open.js';
import { UsageError } from '../errors.js';
import type { ImageRecord } from '../record.js';
import type { JournalHeader } from '../sinks/journal.js';
import { foreignFolders } from '../sinks/run-folder.js';
import { type Discovery, findSample } from '../stages/discover.js';

/**
 * Finds the files that a record was made from. The `masks` layout has them all in the record; an X-ray's two masks are paired
 * once more, by the folders as they are now, which are read when the first image is asked for, unless they are `given`.
 */
export function createSampleFinder(
  { root, dataset, predictions }: JournalHeader,
  given: Discovery | null,
): (record: ImageRecord) => Sample {
  let discovery = given;

  function pairedAgain(record: ImageRecord): Sample {
    const { layout, subset, maskEncoding, nonCovid, thresholds, patient } = dataset;
    const config = { maskEncoding, nonCovid, thresholds, patient };
    discovery ??= openDataset({ root, layout, subset, splits: null, config }, foreignFolders(predictions)).discovery;
    const sample = findSample(discovery, record.imagePath);
    if (sample === null) throw new UsageError(`${record.imagePath} is not in ${root} any more`);
    if ((sample.infectionPath ?? sample.lungPath ?? '') !== record.truthPath) {
      throw new UsageError(`the masks in ${root} have changed since the run: ${record.imagePath} has others now`);
    }
    return sample;
  }

  /** @throws UsageError where the dataset is gone, or is not what it was. */
  return (record) => {
    if (dataset.layout !== 'masks') return pairedAgain(record);
    const { index, image, split, source, imagePath, truthPath } = record;
    const labelPath = truthPath === '' ? null : truthPath;
    return {
      ...{ index, image, split, source, imagePath, labelPath },
      lungPath: null,
      infectionPath: null,
      missing: labelPath === null ? ['label'] : [],
      unlabelled: labelPath === null,
    };
  };
}
