import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { WorkError } from '../errors.js';
import { createFill, type FillBatch, type InputForm } from '../model/fill-batch.js';
import type { GraphInput } from '../model/graph-input.js';
import type { Preprocessing } from '../model/preprocessing.js';
import type { ResizeMethod } from '../model/resample.js';
import type { Pixels } from './engine.js';
import type { OnnxRuntime } from './onnx-runtime.js';
import { inputTensor } from './onnx-tensors.js';

/** Brings images into the graph's input and runs it. */
export interface Runner {
  /** At most a batch of images, all of one size where the graph takes any size. */
  run(images: readonly Pixels[]): Promise<Tensor>;
  /** Number of images that the graph gets for `count` of them: always the whole of a fixed batch. */
  fed(count: number): number;
}

/** One input buffer and one set of resize tables, kept from call to call: calls must not overlap. */
export function createRunner(
  ort: OnnxRuntime,
  session: InferenceSession,
  model: string,
  input: GraphInput,
  outputName: string,
  preprocessing: Preprocessing,
  resize: ResizeMethod,
): Runner {
  const { layout, channels } = input;
  let form: InputForm | null = null;
  let fill: FillBatch = () => {};
  let values = new Float32Array(0);
  const fed = (count: number) => input.batch ?? count;

  return {
    fed,
    async run(images) {
      const width = input.width ?? images[0].width;
      const height = input.height ?? images[0].height;
      if (form?.width !== width || form.height !== height) {
        form = { width, height, channels, layout, resize, preprocessing };
        fill = createFill(form);
      }
      const perImage = width * height * channels;
      const length = fed(images.length) * perImage;
      if (values.length < length) values = new Float32Array(length);
      const batch = values.subarray(0, length);
      for (const [index, image] of images.entries()) fill(image, batch, index);
      // What a fixed batch gives for places without an image is dropped.
      batch.fill(0, images.length * perImage);
      const dims = layout === 'NCHW' ? [channels, height, width] : [height, width, channels];
      try {
        const feeds = { [input.name]: inputTensor(ort, input.type, batch, [fed(images.length), ...dims]) };
        const outputs = await session.run(feeds, [outputName]);
        return outputs[outputName] as Tensor;
      } catch (error) {
        throw runError(error as Error, model, `${fed(images.length)} x ${dims.join(' x ')}`);
      }
    },
  };
}

function runError(error: Error, model: string, fed: string): WorkError {
  const reason = error.message.split('\n')[0];
  const memory = error instanceof RangeError || /alloc|out of memory/i.test(reason);
  const remedy = memory ? '; not enough memory: a smaller --batch or fewer --jobs may help' : '';
  return new WorkError(`${model} failed on an input of ${fed}: ${reason}${remedy}`, { cause: error });
}
