// The part of STORY.md about the ways forward. No figure of a run is written down here.
import { table } from '../../bench/figures.mjs';

const score = (value) => (value === null ? '-' : value.toFixed(4));
const range = (interval) => (interval === null ? '' : ` (${interval.map(score).join(' to ')})`);
const covidOf = ({ classes }) => classes.find(({ key }) => key === 'covid');
const percent = (share) => `${(100 * share).toFixed(0)} %`;

/** Rows of the hybrid's table that a reader takes in. */
const ROWS = 8;

/** @param ways what `goOn` gives */
export function waysSection({ training, epochs, wanted, classifier, byPixels, hybrid }) {
  const { temperature, calibration } = training.classification;
  const { probe } = classifier;
  const stage = covidOf(hybrid.hybrid);
  const pixels = covidOf(byPixels.pixelThresholds).youden?.pixels ?? null;
  return `## The way they chose, and the way they left

They gave up on masks for a classifier of whole images, and had weighed a hybrid: the classifier as a gate, and behind it the U-Net. Both on the
same test images, and beside them run 1's U-Net taken as a classifier: COVID-19 wherever it predicts any pixel of it${
    pixels === null
      ? ''
      : `, or at least ${pixels} pixels, a
number chosen on the validation split`
  }. A classifier needs no masks: the labels that were lost in runs 2 and 3 are the names of its folders.

${toldTable({ classifier, byPixels, hybrid, wanted, pixels })}

The classifier is a small CNN, trained for ${epochs} epochs. Its expected calibration error on the validation split is ${score(calibration.before.ece)} as trained, and ${score(calibration.after.ece)}
with its logits divided by ${temperature.toFixed(2)}, the temperature that is fitted there and applied in every audit.

**Does it look at the lungs?** With the lungs blacked out, the classifier's AUC for COVID-19 is ${score(covidOf(probe.withoutLungs).auc)}${range(covidOf(probe.withoutLungs).confidence95.auc)}, where the whole
images give ${score(covidOf(probe.intact).auc)} and the lungs alone ${score(covidOf(probe.lungsAlone).auc)}: ${classifier.findings.P008 ? 'rule P008 reports a shortcut' : 'no shortcut is reported'}.

**The hybrid** lets ${stage.passed} of ${hybrid.hybrid.images} images through its gate at ${stage.threshold}. It misses ${stage.misses.gate + stage.misses.segmenter} positive images: ${stage.misses.gate} at the gate, ${stage.misses.segmenter} behind it. What
another threshold costs:

${thresholdTable(stage)}
`;
}

function toldTable({ classifier, byPixels, hybrid, wanted, pixels }) {
  const row = (name, { counts, sensitivity, specificity, confidence95 }, auc) => [
    name,
    `${counts.tp} of ${counts.tp + counts.fn}`,
    `${score(sensitivity)}${range(confidence95.sensitivity)}`,
    `${score(specificity)}${range(confidence95.specificity)}`,
    auc === null ? '' : `${score(auc.auc)}${range(auc.confidence95.auc)}`,
  ];
  const segmenter = covidOf(byPixels.splits.test.detection);
  const chosen = covidOf(byPixels.pixelThresholds).youden;
  const told = covidOf(classifier.detection);
  const joined = covidOf(hybrid.detection);
  return table(
    ['COVID-19 told by', 'images found', 'sensitivity', 'specificity', 'AUC'],
    [
      row("run 1's U-Net, any pixel", segmenter, segmenter),
      ...(chosen ? [row(`run 1's U-Net, at least ${pixels} pixels`, chosen.splits.test, null)] : []),
      row(`the classifier, at a sensitivity of ${wanted} in validation`, told, told),
      row('the hybrid, any pixel behind its gate', joined, joined),
    ],
  );
}

function thresholdTable({ thresholds, positives }) {
  const step = Math.max(1, Math.ceil(thresholds.length / ROWS));
  const shown = thresholds.filter((_, i) => i % step === 0 || i === thresholds.length - 1);
  return table(
    ['threshold', 'images for the U-Net', 'missed at the gate', 'missed by the U-Net', 'false alarms'],
    shown.map(({ threshold, segmentedShare, misses, falseAlarms }) => [
      `${threshold}`,
      percent(segmentedShare),
      `${misses.gate} of ${positives}`,
      `${misses.segmenter}`,
      `${falseAlarms}`,
    ]),
  );
}
