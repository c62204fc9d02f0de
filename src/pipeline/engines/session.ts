import path from 'node:path';
import { UsageError, WorkError } from '../errors.js';
import { type CardReading, readCard } from '../model/card.js';
import { type GraphInput, readGraphInput } from '../model/graph-input.js';
import { chooseOutput, type Probe, readGraphOutput } from '../model/graph-output.js';
import type { OutputForm } from '../model/output-form.js';
import { choosePreprocessing, type Preprocessing } from '../model/preprocessing.js';
import { probeImage } from '../model/probe-image.js';
import { createReduce } from '../model/reduce.js';
import type { Engine, EngineInfo, EngineOptions, ModelOutput, Pixels } from './engine.js';
import { createFeed, type FeedImages } from './feed.js';
import type { Graph } from './graph.js';
import { createHalving, isOutOfMemory } from './halving.js';

/** Side of the test image for a graph that takes any size, where nobody says which. */
const PROBE_SIZE = 256;

/**
 * A graph that `load` loads, on the calling thread, which `infer` may block; its calls must not overlap. Checks the shapes against
 * card and dataset, and runs a test image, which is the warm-up too. `load` may add notes.
 * @throws UsageError where model, card and dataset contradict each other, or nobody says what must be known.
 * @throws WorkError where the model can't be loaded or run.
 */
export async function openSession<Output>(
  options: EngineOptions,
  load: (model: string, notes: string[]) => Promise<Graph<Output>>,
): Promise<Engine> {
  const model = path.basename(options.model);
  const notes: string[] = [];
  const reading = await readCard(options.model, options.card);
  const started = performance.now();
  const graph = await load(model, notes);
  const loaded = performance.now();
  try {
    const input = readGraphInput(model, graph.inputs, reading, notes);
    const output = chooseOutput(model, graph.outputs, reading);
    const preprocessing = readPreprocessing(input, reading, notes);
    const resize = reading.card.resize ?? 'bilinear';
    notes.push(`resize ${resize}${reading.origin.resize ? ` from ${reading.origin.resize}` : ''}`);
    const feed = createFeed(input, preprocessing, resize);
    const batch = readBatch(input, options.batch, graph.defaultBatch, notes);

    const probe = await probeGraph(graph, { model, input, feed, output: output.name });
    const warm = performance.now();
    const operator = graph.operatorOf(output.name);
    const dataset = { classes: options.dataset.classes, chosen: options.classes ?? [] };
    const form = readGraphOutput({ model, output, operator, layout: input.layout, reading, dataset }, probe, notes);
    checkLabels(form, probe);

    const { device, note } = graph.deviceUsed();
    if (note !== null) notes.push(note);
    const info: EngineInfo = {
      engine: graph.engine,
      device,
      version: graph.version,
      model,
      inputWidth: input.width,
      inputHeight: input.height,
      batch,
      notes,
      knownClasses: form.known.flatMap((known, index) => (known ? [index] : [])),
      loadMs: Math.round(loaded - started),
      warmUpMs: Math.round(warm - loaded),
    };
    const anySize = input.width === null || input.height === null;
    const inferGroup = createInfer(graph, { model, input, feed, output: output.name }, form);
    // A fixed batch takes the same memory however many of its places are filled.
    const inferFitting = input.batch === null ? createHalving(inferGroup, options.onNote) : inferGroup;
    return {
      info,
      sessions: 1,
      infer: async (images) => {
        const outputs: ModelOutput[] = [];
        for (const group of groups(images, batch, anySize)) outputs.push(...(await inferFitting(group)));
        return outputs;
      },
      close: () => graph.close(),
    };
  } catch (error) {
    await graph.close();
    throw error;
  }
}

/** How images go in, and which output comes out. */
interface Passage {
  model: string;
  input: GraphInput;
  feed: FeedImages;
  output: string;
}

async function runGraph<Output>(graph: Graph<Output>, passage: Passage, images: readonly Pixels[]): Promise<Output> {
  const { values, dims } = passage.feed(images);
  try {
    return await graph.run(passage.input, values, dims, passage.output);
  } catch (error) {
    throw runError(error as Error, passage.model, dims.join(' x '));
  }
}

function runError(error: Error, model: string, fed: string): WorkError {
  const reason = error.message.split('\n')[0];
  const remedy =
    error instanceof RangeError || isOutOfMemory(error)
      ? '; not enough memory: a smaller --batch or fewer --jobs may help'
      : '';
  return new WorkError(`${model} failed on an input of ${fed}: ${reason}${remedy}`, { cause: error });
}

async function probeGraph<Output>(graph: Graph<Output>, passage: Passage): Promise<Probe> {
  const { input } = passage;
  const image = probeImage(input.width ?? PROBE_SIZE, input.height ?? PROBE_SIZE);
  const output = await runGraph(graph, passage, [image]);
  try {
    return { dims: graph.dimsOf(output), ...(await graph.read(output)), batch: input.batch ?? 1, ...image };
  } finally {
    graph.dispose(output);
  }
}

/** Labels that stand for no class show in the test image's already, and are then a matter of the card. */
function checkLabels(form: OutputForm, probe: Probe): void {
  try {
    createReduce(form)(probe.values, 0);
  } catch (error) {
    if (!(error instanceof WorkError)) throw error;
    throw new UsageError(`${error.message}: "classes" in its card says what each value stands for`);
  }
}

function readPreprocessing(input: GraphInput, { card, origin }: CardReading, notes: string[]): Preprocessing {
  const bytes = input.type === 'uint8' || input.type === 'int32';
  const preprocessing = choosePreprocessing(card, input.channels, bytes ? 'byte' : 'unit');
  const source = origin.preprocess ?? origin.scale ?? (bytes ? `the graph's ${input.type} input` : null);
  notes.push(`preprocess ${preprocessing.name} ${source ? `from ${source}` : '(values 0 to 1): assumed'}`);
  return preprocessing;
}

function readBatch(input: GraphInput, asked: number | null, otherwise: number, notes: string[]): number {
  if (input.batch === null) return asked ?? otherwise;
  const not = asked !== null && asked !== input.batch ? `, not the ${asked} of --batch` : '';
  notes.push(`batch ${input.batch} from the graph${not}`);
  return input.batch;
}

/** Images in order, at most `batch` in a group; where the graph takes any size, images of one size. */
function groups(images: readonly Pixels[], batch: number, anySize: boolean): Pixels[][] {
  const all: Pixels[][] = [];
  for (const image of images) {
    if (image.data.length !== image.width * image.height * image.channels) {
      throw new RangeError(
        `an image of ${image.width}x${image.height}x${image.channels} has ${image.data.length} samples`,
      );
    }
    const last = all.at(-1);
    const fits = !anySize || (last?.[0].width === image.width && last[0].height === image.height);
    if (last && last.length < batch && fits) last.push(image);
    else all.push([image]);
  }
  return all;
}

/** Runs groups. The map may follow the images' size, while nothing else may change: a reduction is kept for the last size. */
function createInfer<Output>(graph: Graph<Output>, passage: Passage, form: OutputForm) {
  let size = { width: form.width, height: form.height };
  let reduce = graph.reducer(form);
  return async (images: readonly Pixels[]): Promise<ModelOutput[]> => {
    const output = await runGraph(graph, passage, images);
    try {
      const seen = sizeOf(graph.dimsOf(output), form, passage.input.batch ?? images.length);
      if (seen.width !== size.width || seen.height !== size.height) {
        size = seen;
        reduce = graph.reducer({ ...form, ...size });
      }
      return await reduce(output, images.length);
    } finally {
      graph.dispose(output);
    }
  };
}

function sizeOf(dims: readonly number[], form: OutputForm, batch: number): { width: number; height: number } {
  const channelAxis = dims.length === 3 ? null : form.layout === 'NHWC' ? 3 : 1;
  const [height, width] = channelAxis === 1 ? [dims[2], dims[3]] : [dims[1], dims[2]];
  if (dims[0] !== batch || (channelAxis !== null && dims[channelAxis] !== form.channels)) {
    throw new WorkError(
      `${form.model} gave [${dims.join(',')}] for ${batch} images, and something else for the test image`,
    );
  }
  return { width, height };
}
