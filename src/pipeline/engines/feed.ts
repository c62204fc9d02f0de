import { createFill, type FillBatch, type InputForm } from '../model/fill-batch.js';
import type { GraphInput } from '../model/graph-input.js';
import type { Preprocessing } from '../model/preprocessing.js';
import type { ResizeMethod } from '../model/resample.js';
import type { Pixels } from './engine.js';

/** A batch as a graph takes it. `values` is used again by the next call. */
export interface Feed {
  values: Float32Array;
  dims: readonly number[];
}

/** Brings images into a graph's input: at most a batch of them, all of one size where the graph takes any size. */
export type FeedImages = (images: readonly Pixels[]) => Feed;

/** One input buffer and one set of resize tables, kept from call to call. */
export function createFeed(input: GraphInput, preprocessing: Preprocessing, resize: ResizeMethod): FeedImages {
  const { layout, channels } = input;
  let form: InputForm | null = null;
  let fill: FillBatch = () => {};
  let buffer = new Float32Array(0);

  return (images) => {
    const width = input.width ?? images[0].width;
    const height = input.height ?? images[0].height;
    if (form?.width !== width || form.height !== height) {
      form = { width, height, channels, layout, resize, preprocessing };
      fill = createFill(form);
    }
    const fed = input.batch ?? images.length;
    const perImage = width * height * channels;
    if (buffer.length < fed * perImage) buffer = new Float32Array(fed * perImage);
    const values = buffer.subarray(0, fed * perImage);
    for (const [index, image] of images.entries()) fill(image, values, index);
    // What a fixed batch gives for places without an image is dropped.
    values.fill(0, images.length * perImage);
    return { values, dims: [fed, ...(layout === 'NCHW' ? [channels, height, width] : [height, width, channels])] };
  };
}
