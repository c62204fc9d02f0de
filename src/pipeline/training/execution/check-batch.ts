import { UsageError } from '../../errors.js';
import { taskOf } from '../task.js';
import { IGNORED, type NetworkOptions, type TrainBatch } from '../trainer.js';

/** @throws UsageError where a batch is not one of this network */
export function checkBatch(
  { count, images, labels }: TrainBatch,
  { architecture, height, width, channels, classes }: NetworkOptions,
): void {
  if (!(Number.isInteger(count) && count > 0)) throw new UsageError(`a batch of ${count} images: at least 1 is needed`);
  const perImage = taskOf(architecture) === 'classification' ? 1 : height * width;
  const found = [images.length, labels.length];
  const wanted = [count * height * width * channels, count * perImage];
  if (found.join() !== wanted.join()) {
    throw new UsageError(
      `a batch holds ${found[0]} values and ${found[1]} labels; ${count} images of ${height} x ${width} x ${channels} ` +
        `have ${wanted[0]} and ${wanted[1]}`,
    );
  }
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index];
    if (label < classes || label === IGNORED) continue;
    const [image, pixel] = [Math.floor(index / perImage), index % perImage];
    const place = perImage === 1 ? '' : ` at row ${Math.floor(pixel / width)}, column ${pixel % width}`;
    throw new UsageError(
      `image ${image} of a batch has the label ${label}${place}; ` +
        `there are ${classes} classes, 0 to ${classes - 1}, and ${IGNORED} for what is ignored`,
    );
  }
}
