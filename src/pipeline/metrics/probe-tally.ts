import type { DatasetSpec } from '../dataset/dataset.js';
import { type ImageRecord, PROBES, type ProbedPrediction } from '../record.js';
import type { ProbeFigures, ProbeSummary } from '../summary.js';
import { accuracy } from './accuracy.js';
import { overlapCounts } from './counts.js';
import { startGroupDetection } from './detection/group-detection.js';

/**
 * What a model says of whole images beside what it says of them with their lungs blacked out, and with all but the lungs. Only images
 * of which all three are known are counted.
 */
export function startProbes(dataset: DatasetSpec) {
  const start = () => ({
    detection: startGroupDetection(dataset),
    confusion: new Float64Array(dataset.classes.length ** 2),
  });
  const tallies = { intact: start(), withoutLungs: start(), lungsAlone: start() };
  let images = 0;

  function add({ detection, confusion: sum }: ReturnType<typeof start>, of: ProbedPrediction): void {
    for (let i = 0; i < sum.length; i++) sum[i] += of.confusion[i];
    detection.add(
      of,
      dataset.classes.map(({ index }) => overlapCounts(of.confusion, index)),
    );
  }

  return {
    add({ confusion, maxProbability, probe }: Pick<ImageRecord, 'confusion' | 'maxProbability' | 'probe'>): void {
      if (probe === undefined || confusion === null) return;
      images++;
      add(tallies.intact, { confusion, maxProbability });
      for (const name of PROBES) add(tallies[name], probe[name]);
    },
    /** null where no image was probed. */
    finish(): ProbeSummary | null {
      if (images === 0) return null;
      const figures = ({ detection, confusion }: ReturnType<typeof start>): ProbeFigures => ({
        accuracy: accuracy(confusion),
        classes: detection.finish()?.classes ?? [],
      });
      const { intact, withoutLungs, lungsAlone } = tallies;
      return {
        images,
        intact: figures(intact),
        withoutLungs: figures(withoutLungs),
        lungsAlone: figures(lungsAlone),
      };
    },
  };
}
