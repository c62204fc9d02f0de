import type { CheckedCall } from './check-call.js';
import type { Batches } from './data/batches.js';
import type { TrainData } from './prepare.js';
import type { TrainPlan } from './train-events.js';
import type { TrainRequest } from './train-request.js';

/** What will be trained on, in figures. */
export function planOf(
  { task, classWeights: asked, epochs, batch, monitor }: TrainRequest,
  { spec }: CheckedCall,
  { train, val, classWeights }: TrainData,
  { steps, examples }: Batches,
): TrainPlan {
  return {
    task,
    classes: spec.classes.map(({ key }) => key),
    classWeights,
    weightsFrom: typeof asked === 'string' ? asked : 'given',
    trainPixels: train.frequencies.map(({ pixels }) => pixels),
    ...{ train: train.positions.length, val: val.positions.length, examples: examples.train },
    leftOut: { train: train.leftOut, val: val.leftOut },
    ...{ epochs, steps, batch, monitor },
  };
}
