import type { DatasetSpec } from '../dataset/dataset.js';
import { UsageError } from '../errors.js';
import { ARCHITECTURES, taskOf } from './task.js';
import type { TrainRequest } from './train-request.js';

/** @throws UsageError where a setting is for another task than the one that is trained */
export function checkTask(request: TrainRequest, { layout }: Pick<DatasetSpec, 'layout'>): void {
  const { task, network, loss, crop, labelClasses, sensitivities } = request;
  const { architecture } = network;
  if (taskOf(architecture) !== task) {
    throw new UsageError(
      `--architecture ${architecture} is for --task ${taskOf(architecture)}; for ${task} there are ${ARCHITECTURES[task].join(', ')}`,
    );
  }
  if (task === 'segmentation') {
    const foreign = labelClasses !== null ? '--label-class' : Object.keys(sensitivities)[0] && '--sensitivity';
    if (foreign) throw new UsageError(`${foreign} is for --task classification: here each pixel has a class`);
    return;
  }
  const overlap = loss.terms.find(({ kind }) => kind === 'dice' || kind === 'tversky');
  if (overlap !== undefined) {
    throw new UsageError(
      `--loss ${overlap.kind} is for --task segmentation: it is the overlap of two masks, and an image that is of one class as a ` +
        'whole has none; take cross-entropy or focal',
    );
  }
  if (crop.classes.length > 0) {
    throw new UsageError('--crop-class is for --task segmentation: a window is chosen by the pixels of a class there');
  }
  if (architecture === 'resnet50' && network.filters !== undefined) {
    throw new UsageError('--filters is for --architecture small-cnn: a ResNet50 has its own');
  }
  if (labelClasses !== null && layout === 'covid-qu-ex') {
    throw new UsageError('--label-class is for the layout masks: in covid-qu-ex the folder says what an image is of');
  }
}
