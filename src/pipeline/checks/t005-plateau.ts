import { standing } from '../training/standing.js';
import { NOTHING, type TrainingRule } from './rule.js';
import { decimal, quantity, score } from './wording.js';

export const plateau: TrainingRule = {
  scope: 'training',
  code: 'T005',
  title: 'The monitored figure gains nothing any more',
  severity: 'warning',
  what: `
    The monitored figure (\`--monitor\`, the validation's mean Dice unless told) was not bettered by more than
    \`thresholds.plateauGain\` (0.001) in \`thresholds.plateauEpochs\` (10) epochs. Said once of each plateau; the value is the best
    figure so far.`,
  ofImages: {
    what: `
      The same, of the validation's mean area under the ROC curves unless told.`,
  },
  why: `
    Further epochs cost time and change nothing but noise. A plateau at a low score is no end of learning either: the rate may be
    too high to settle, or a class may be out of the loss's sight.`,
  fix: `
    Lower the rate when it happens, or stop:

    $ maskaudit train DATASET --schedule plateau --early-stopping 20`,
  checkEpoch({ history, dataset, monitor: { name, goal, values } }) {
    const { plateauEpochs, plateauGain } = dataset.thresholds;
    const { best, sinceBest } = standing(values, goal, plateauGain);
    if (best === null || sinceBest !== plateauEpochs) return NOTHING;
    const value = values[best] as number;
    const message =
      `${name} has not been bettered by more than ${decimal(plateauGain)} in ${quantity(sinceBest, 'epoch')}: ` +
      `${score(value)} in epoch ${history[best].epoch}`;
    return [{ rule: 'T005', split: 'val', value, message }];
  },
};
