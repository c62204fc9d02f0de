import path from 'node:path';
import { resolveClasses } from '../dataset/classes.js';
import type { DatasetSpec } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import { UsageError, WorkError } from '../errors.js';
import { isImageAnswer, readGraphAnswer } from '../model/answer-form.js';
import { type CardReading, readCard } from '../model/card.js';
import { chooseOutputs } from '../model/choose-outputs.js';
import { describeTensor, type GraphInput, readGraphInput, type TensorForm } from '../model/graph-input.js';
import { type OutputQuestion, type Probe, readGraphOutput } from '../model/graph-output.js';
import { readHeatForm } from '../model/heat-maps.js';
import type { OutputForm } from '../model/output-form.js';
import { choosePreprocessing, type Preprocessing } from '../model/preprocessing.js';
import { probeImage } from '../model/probe-image.js';
import { createReduce } from '../model/reduce.js';
import type { Engine, EngineInfo, EngineOptions, ModelOutput, Pixels } from './engine.js';
import { createFeed, type FeedImages } from './feed.js';
import type { Graph } from './graph.js';
import { createHalving, isOutOfMemory } from './halving.js';
import { answerReader, mapReader, type ReadOutputs } from './read-outputs.js';

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
    const { answer, heat } = chooseOutputs(model, graph.outputs, reading);
    const outputs = heat === null ? [answer.name] : [answer.name, heat.name];
    const preprocessing = readPreprocessing(input, reading, notes);
    const resize = reading.card.resize ?? 'bilinear';
    notes.push(`resize ${resize}${reading.origin.resize ? ` from ${reading.origin.resize}` : ''}`);
    const feed = createFeed(input, preprocessing, resize);
    const batch = readBatch(input, options.batch, graph.defaultBatch, notes);

    const probes = await probeGraph(graph, { model, input, feed, outputs });
    const warm = performance.now();
    const operator = graph.operatorOf(answer.name);
    const task = isImageAnswer(probes[0]) ? 'classification' : 'segmentation';
    const { classes } = datasetFor(options, { model, task, output: answer, probe: probes[0] });
    const chosen = resolveClasses(options.classes ?? null, classes).map(({ key }) => key);
    const dataset = { classes, chosen };
    const question = { model, output: answer, operator, layout: input.layout, reading, dataset };
    const { known, read } = (task === 'classification' ? readsAnswers : readsMaps)(graph, question, probes, notes);

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
      knownClasses: known.flatMap((isKnown, index) => (isKnown ? [index] : [])),
      task,
      loadMs: Math.round(loaded - started),
      warmUpMs: Math.round(warm - loaded),
    };
    const anySize = input.width === null || input.height === null;
    const inferGroup = createInfer(graph, { model, input, feed, outputs }, read);
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

/** How images go in, and which outputs come out. */
interface Passage {
  model: string;
  input: GraphInput;
  feed: FeedImages;
  outputs: readonly string[];
}

async function runGraph<Output>(graph: Graph<Output>, passage: Passage, images: readonly Pixels[]): Promise<Output[]> {
  const { values, dims } = passage.feed(images);
  try {
    return await graph.run(passage.input, values, dims, passage.outputs);
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

/** What a test image gives in each of the outputs. */
async function probeGraph<Output>(graph: Graph<Output>, passage: Passage): Promise<Probe[]> {
  const { input } = passage;
  const image = probeImage(input.width ?? PROBE_SIZE, input.height ?? PROBE_SIZE);
  const outputs = await runGraph(graph, passage, [image]);
  try {
    const probes: Probe[] = [];
    for (const output of outputs) {
      probes.push({ dims: graph.dimsOf(output), ...(await graph.read(output)), batch: input.batch ?? 1, ...image });
    }
    return probes;
  } finally {
    graph.dispose(outputs);
  }
}

/**
 * The dataset as the model sees it.
 * @throws UsageError where one of them is about pixels and the other about images as a whole
 */
function datasetFor(
  { dataset, asImages, stage }: EngineOptions,
  { model, task, output, probe }: { model: string; task: EngineInfo['task']; output: TensorForm; probe: Probe },
): DatasetSpec {
  const shown = describeTensor({ name: output.name, type: probe.type, shape: probe.dims });
  if (task === 'segmentation' && isImageLevel(dataset)) {
    const wanted = stage
      ? `a ${stage} has to be a classifier`
      : 'this is an audit of images as a whole: --level pixel, or a classifier';
    throw new UsageError(`${model} gives ${shown}, a map of pixels, and ${wanted}`);
  }
  if (task === 'segmentation' || isImageLevel(dataset)) return dataset;
  if (asImages) return asImages;
  const wanted = stage ? `a ${stage} has to give a map of pixels` : 'a map of pixels is expected, or --level image';
  throw new UsageError(`${model} gives ${shown}: one answer an image, as a classifier does; ${wanted}`);
}

/** Whether the model knows each class, and how its outputs are read. */
interface Reading<Output> {
  known: readonly boolean[];
  read: ReadOutputs<Output>;
}

function readsMaps<Output>(
  graph: Graph<Output>,
  question: OutputQuestion,
  [probe]: readonly Probe[],
  notes: string[],
): Reading<Output> {
  const { model, reading } = question;
  for (const key of ['temperature', 'decide', 'heatOutput'] as const) {
    if (reading.card[key] === undefined) continue;
    throw new UsageError(
      `${model}: ${reading.origin[key]} says ${key}, which is a classifier's, and it gives a map of pixels`,
    );
  }
  const form = readGraphOutput(question, probe, notes);
  checkLabels(form, probe);
  return { known: form.known, read: mapReader(graph, form) };
}

function readsAnswers<Output>(
  graph: Graph<Output>,
  question: OutputQuestion,
  [probe, heatProbe]: readonly Probe[],
  notes: string[],
): Reading<Output> {
  const { model, layout } = question;
  const form = readGraphAnswer(question, probe, notes);
  if (heatProbe === undefined) {
    notes.push('no heat maps: the graph has no output for them');
    return { known: form.known, read: answerReader(graph, model, form, null) };
  }
  const heat = readHeatForm(model, { name: 'its heat', ...heatProbe }, probe.batch, form, layout);
  notes.push(`heat maps of ${heat.width}x${heat.height} from the graph`);
  return { known: form.known, read: answerReader(graph, model, form, heat) };
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

/** Runs groups of images and makes of their outputs what an audit keeps. */
function createInfer<Output>(graph: Graph<Output>, passage: Passage, read: ReadOutputs<Output>) {
  return async (images: readonly Pixels[]): Promise<ModelOutput[]> => {
    const outputs = await runGraph(graph, passage, images);
    try {
      return await read(outputs, images.length, passage.input.batch ?? images.length);
    } finally {
      graph.dispose(outputs);
    }
  };
}
