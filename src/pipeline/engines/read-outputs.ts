import { WorkError } from '../errors.js';
import { readAnswer } from '../model/answer.js';
import type { AnswerForm } from '../model/answer-form.js';
import { type HeatForm, readHeat } from '../model/heat-maps.js';
import type { OutputForm } from '../model/output-form.js';
import type { ModelOutput } from './engine.js';
import type { Graph } from './graph.js';

/**
 * Makes what an audit keeps of a call's outputs, in the order in which they were asked for.
 * @param images that went in: the first ones of `fed`
 */
export type ReadOutputs<Output> = (outputs: readonly Output[], images: number, fed: number) => Promise<ModelOutput[]>;

/** Maps of pixels. They may follow the images' size, while nothing else may change: a reduction is kept for the last size. */
export function mapReader<Output>(graph: Graph<Output>, form: OutputForm): ReadOutputs<Output> {
  let size = { width: form.width, height: form.height };
  let reduce = graph.reducer(form);
  return async ([output], images, fed) => {
    const seen = sizeOf(graph.dimsOf(output), form, fed);
    if (seen.width !== size.width || seen.height !== size.height) {
      size = seen;
      reduce = graph.reducer({ ...form, ...size });
    }
    return reduce(output, images);
  };
}

function sizeOf(dims: readonly number[], form: OutputForm, batch: number): { width: number; height: number } {
  const channelAxis = dims.length === 3 ? null : form.layout === 'NHWC' ? 3 : 1;
  const [height, width] = channelAxis === 1 ? [dims[2], dims[3]] : [dims[1], dims[2]];
  if (dims[0] !== batch || (channelAxis !== null && dims[channelAxis] !== form.channels)) {
    throw changed(form.model, dims, batch);
  }
  return { width, height };
}

/** One answer an image, and the heat maps beside it: so few numbers that the device need not reduce them. */
export function answerReader<Output>(
  graph: Graph<Output>,
  model: string,
  form: AnswerForm,
  heat: HeatForm | null,
): ReadOutputs<Output> {
  return async ([answer, maps], images, fed) => {
    const dims = graph.dimsOf(answer);
    if (dims[0] !== fed || dims.reduce((product, dim) => product * dim, 1) !== fed * form.width) {
      throw changed(model, dims, fed);
    }
    const { values } = await graph.read(answer);
    if (heat === null) return Array.from({ length: images }, (_, index) => readAnswer(form, values, index));
    // Heat maps may follow the images' size.
    const [height, width] = graph.dimsOf(maps).slice(...(heat.layout === 'NCHW' ? [2, 4] : [1, 3]));
    const heated = (await graph.read(maps)).values;
    return Array.from({ length: images }, (_, index) =>
      readAnswer(form, values, index, readHeat({ ...heat, width, height }, form, heated, index)),
    );
  };
}

function changed(model: string, dims: readonly number[], batch: number): WorkError {
  return new WorkError(`${model} gave [${dims.join(',')}] for ${batch} images, and something else for the test image`);
}
