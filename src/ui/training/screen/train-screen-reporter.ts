import type { TrainEvent } from '../../../pipeline/training/train-events.js';
import type { TrainResult } from '../../../pipeline/training/train-request.js';
import { trainingVerdict } from '../../../pipeline/words/training-verdict.js';
import type { ReporterOptions } from '../../reporter.js';
import { type HeldReporter, heldReporter } from '../../screen/held-reporter.js';
import { trainRemarks } from '../train-lines.js';
import { type TrainResultFacts, trainReporter } from '../train-reporter.js';
import { openTrainScreen, type TrainScreenOptions } from './train-screen.js';

/** A training on the screen. */
export function trainScreenReporter(
  plain: Omit<ReporterOptions, 'scores'>,
  options: Omit<TrainScreenOptions, 'env' | 'now' | 'closed'> & {
    /** Whether what was said and the summary are printed when the screen is left. */
    closing: boolean;
  },
): HeldReporter<TrainEvent, TrainResult, TrainResultFacts> {
  const { env, now = () => performance.now() } = plain;
  let epochs = 0;
  const screen = openTrainScreen({ ...options, env, now, closed: () => plain.pipeClosed?.() });
  return heldReporter<TrainEvent, TrainResult, TrainResultFacts>({
    screen,
    plain: trainReporter(plain),
    keeps(event) {
      if (event.type === 'plan') epochs = event.plan.epochs;
      return trainRemarks(event).length > 0 ? 'each' : 'nothing';
    },
    note: (message) => ({ type: 'note', message }),
    verdictOf: (result) => trainingVerdict(result, epochs),
    closing: options.closing,
    signal: options.signal,
  });
}
