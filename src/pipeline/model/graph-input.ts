import { UsageError } from '../errors.js';
import type { CardReading } from './card.js';
import { plural } from './output-form.js';

/** A graph's input or output as the session describes it: free dimensions are names or ''. */
export interface TensorForm {
  name: string;
  type: string;
  shape: readonly (number | string)[];
}

/** Element types of an input that takes an image; those that are no floats take samples of 0 to 255. */
const TYPES = ['float32', 'float16', 'uint8', 'int32'] as const;

/** What the graph and the card come to; null where the graph leaves it free and the card says nothing. */
export interface GraphInput {
  name: string;
  type: (typeof TYPES)[number];
  layout: 'NCHW' | 'NHWC';
  channels: 1 | 3;
  width: number | null;
  height: number | null;
  /** Fixed number of images a call, or null. */
  batch: number | null;
}

/**
 * The image input of a graph. What the graph fixes is taken from it; the card fills what is free, and must not contradict.
 * `notes` gets a clause for each thing and its source.
 * @throws UsageError for a graph without exactly one image input, a contradiction, or what nobody says.
 */
export function readGraphInput(
  model: string,
  inputs: readonly TensorForm[],
  { card, origin }: CardReading,
  notes: string[],
): GraphInput {
  if (inputs.length !== 1) {
    const seen = inputs.map(describeTensor).join(', ');
    throw new UsageError(`${model} takes ${plural(inputs.length, 'input')} (${seen}); one image is expected`);
  }
  const input = inputs[0];
  const type = TYPES.find((known) => known === input.type);
  if (type === undefined) {
    throw new UsageError(`${model} takes ${describeTensor(input)}; an image of ${TYPES.join(', ')} is expected`);
  }
  const shape = input.shape.length === 0 ? ['', '', '', ''] : input.shape;
  if (shape.length !== 4) {
    throw new UsageError(
      `${model} takes ${describeTensor(input)}; a segmentation model's input has four dimensions, NCHW or NHWC`,
    );
  }
  const seen = `its input is ${describeTensor(input)}`;
  const conflict = (key: keyof typeof card, said: string) =>
    new UsageError(`${model}: ${origin[key]} says ${key} ${said}, and ${seen}`);

  const layout = readLayout(model, shape, card.layout, seen, conflict);
  notes.push(`${layout} from ${card.layout ? origin.layout : 'the graph'}`);

  const inGraph = shape[layout === 'NCHW' ? 1 : 3];
  const channels = typeof inGraph === 'number' ? inGraph : card.channels;
  if (channels === undefined) {
    throw new UsageError(`${model}: ${seen}, whose channels are free: the card must say "channels" 1 or 3`);
  }
  if (card.channels !== undefined && card.channels !== channels) throw conflict('channels', `${card.channels}`);
  const [height, width] = (layout === 'NCHW' ? [2, 3] : [1, 2]).map((axis, i) => {
    const fixed = shape[axis];
    if (typeof fixed !== 'number') return card.size?.[i] ?? null;
    if (card.size && card.size[i] !== fixed) throw conflict('size', `${card.size.join(' x ')} (height x width)`);
    return fixed;
  });
  const sizeFrom = typeof shape[layout === 'NCHW' ? 2 : 1] === 'number' ? 'the graph' : (origin.size ?? 'each image');
  notes.push(
    width === null || height === null
      ? `any size, ${plural(channels, 'channel')}`
      : `${width}x${height}, ${plural(channels, 'channel')} from ${sizeFrom}`,
  );
  const batch = typeof shape[0] === 'number' ? shape[0] : null;
  return { name: input.name, type, layout, channels: channels as 1 | 3, width, height, batch };
}

function readLayout(
  model: string,
  shape: readonly (number | string)[],
  stated: 'NCHW' | 'NHWC' | undefined,
  seen: string,
  conflict: (key: 'layout', said: string) => UsageError,
): 'NCHW' | 'NHWC' {
  const isColour = (axis: number) => shape[axis] === 1 || shape[axis] === 3;
  const isFree = (axis: number) => typeof shape[axis] === 'string';
  if (stated !== undefined) {
    const axis = stated === 'NCHW' ? 1 : 3;
    if (!isColour(axis) && !isFree(axis)) throw conflict('layout', stated);
    return stated;
  }
  if (isColour(1) !== isColour(3)) return isColour(1) ? 'NCHW' : 'NHWC';
  if (isColour(1)) {
    throw new UsageError(`${model}: ${seen}, which could be NCHW and NHWC: the card must say "layout"`);
  }
  if (isFree(1) || isFree(3)) {
    throw new UsageError(`${model}: ${seen}; where the channels stand can't be seen: the card must say "layout"`);
  }
  throw new UsageError(`${model}: ${seen}; 1 or 3 channels are expected in the second or the last place`);
}

/** `x float32 [N,3,256,256]`. */
export function describeTensor({ name, type, shape }: TensorForm): string {
  return `${name} ${type} [${shape.map((dim) => (dim === '' ? '?' : dim)).join(',')}]`;
}
