import type { Sample } from '../dataset/dataset.js';
import type { Pixels } from '../engines/engine.js';
import type { Kernels } from '../kernels/kernels.js';
import type { Probe } from '../record.js';
import { readColours } from './colours.js';
import type { PictureFacts } from './measure-image.js';
import { SLOTS } from './truth.js';

export interface DecodedPicture {
  picture: PictureFacts;
  /** null where it could not be read. */
  pixels: Pixels | null;
  /** The same with parts blacked out; absent where nobody asks, or where its lungs are not known. */
  probed?: Record<Probe, Pixels>;
}

/** An image as a model takes it: gray where that loses nothing, else RGB. `root`: the dataset folder. */
export async function decodePicture(
  kernels: Kernels,
  readPicture: (sample: Sample) => Promise<PictureFacts>,
  root: string,
  sample: Sample,
): Promise<DecodedPicture> {
  const picture = await readPicture(sample);
  const { file } = picture;
  if (file.state !== 'read') return { picture, pixels: null };
  const { width, height } = file;
  const coloured = (file.channels >= 3 || file.palette) && !file.lossless;
  const pixels: Pixels | null = coloured
    ? await readColours(`${root}/${sample.imagePath}`, file)
    : { width, height, channels: 1, data: kernels.view(SLOTS.image, width * height).slice() };
  return { picture, pixels };
}
