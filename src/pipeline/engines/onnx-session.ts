import path from 'node:path';
import type { Tensor } from 'onnxruntime-node';
import { UsageError, WorkError } from '../errors.js';
import { type CardReading, readCard } from '../model/card.js';
import { type GraphInput, readGraphInput } from '../model/graph-input.js';
import { chooseOutput, readGraphOutput } from '../model/graph-output.js';
import { outputOperator } from '../model/onnx-graph.js';
import type { OutputForm } from '../model/output-form.js';
import { choosePreprocessing, type Preprocessing } from '../model/preprocessing.js';
import { probeImage } from '../model/probe-image.js';
import { createReduce, type OutputValues, type Reduce } from '../model/reduce.js';
import type { Engine, EngineInfo, EngineOptions, ModelOutput, Pixels } from './engine.js';
import { openOnDevice } from './onnx-device.js';
import { createRunner, type Runner } from './onnx-runner.js';
import { loadOnnxRuntime } from './onnx-runtime.js';
import { outputValues, tensorForms } from './onnx-tensors.js';

/** Images a call where neither the graph nor the user says. */
const DEFAULT_BATCH = 4;
/** Side of the test image for a graph that takes any size, where nobody says which. */
const PROBE_SIZE = 256;

/**
 * One session on the calling thread, which `infer` blocks; its calls must not overlap. The onnx engine has one of these in each
 * of its worker threads. Loads, checks the shapes against card and dataset, and runs a test image.
 * @throws UsageError where model, card and dataset contradict each other, or nobody says what must be known.
 * @throws WorkError where the model can't be loaded or run.
 */
export async function openOnnxSession(options: EngineOptions): Promise<Engine> {
  const model = path.basename(options.model);
  const notes: string[] = [];
  const reading = await readCard(options.model, options.card);
  const ort = await loadOnnxRuntime();
  const { session, deviceUsed } = await openOnDevice(ort, options.model, model, options.device, notes);
  try {
    const input = readGraphInput(model, tensorForms(session.inputMetadata), reading, notes);
    const output = chooseOutput(model, tensorForms(session.outputMetadata), reading);
    const preprocessing = readPreprocessing(input, reading, notes);
    const resize = reading.card.resize ?? 'bilinear';
    notes.push(`resize ${resize}${reading.origin.resize ? ` from ${reading.origin.resize}` : ''}`);
    const runner = createRunner(ort, session, model, input, output.name, preprocessing, resize);

    const image = probeImage(input.width ?? PROBE_SIZE, input.height ?? PROBE_SIZE);
    const tensor = await runner.run([image]);
    const values = outputValues(tensor, model);
    const probe = { dims: tensor.dims, type: tensor.type, values, batch: runner.fed(1), ...image };
    const operator = outputOperator(options.model, output.name);
    const dataset = { classes: options.dataset.classes, chosen: options.classes ?? [] };
    const form = readGraphOutput({ model, output, operator, layout: input.layout, reading, dataset }, probe, notes);
    const reduce = createReduce(form);
    checkLabels(values, reduce);

    const batch = readBatch(input, options.batch, notes);
    const { device, note } = deviceUsed();
    if (note !== null) notes.push(note);
    const info: EngineInfo = {
      engine: 'onnx',
      device,
      version: `onnxruntime ${ort.env.versions.node ?? ort.env.versions.common}`,
      model,
      inputWidth: input.width,
      inputHeight: input.height,
      batch,
      notes,
      knownClasses: form.known.flatMap((known, index) => (known ? [index] : [])),
    };
    const anySize = input.width === null || input.height === null;
    return {
      info,
      infer: async (images) => {
        const outputs: ModelOutput[] = [];
        for (const group of groups(images, batch, anySize))
          outputs.push(...(await inferGroup(group, runner, form, reduce)));
        return outputs;
      },
      close: () => session.release(),
    };
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** Labels that stand for no class show in the test image's already, and are then a matter of the card. */
function checkLabels(values: OutputValues, reduce: Reduce): void {
  try {
    reduce(values, 0);
  } catch (error) {
    if (!(error instanceof WorkError)) throw error;
    throw new UsageError(`${error.message}: "classes" in its card says what each value stands for`);
  }
}

function readPreprocessing(input: GraphInput, { card, origin }: CardReading, notes: string[]): Preprocessing {
  const bytes = input.type === 'uint8';
  const preprocessing = choosePreprocessing(card, input.channels, bytes ? 'byte' : 'unit');
  const source = origin.preprocess ?? origin.scale ?? (bytes ? `the graph's ${input.type} input` : null);
  notes.push(`preprocess ${preprocessing.name} ${source ? `from ${source}` : '(values 0 to 1): assumed'}`);
  return preprocessing;
}

function readBatch(input: GraphInput, asked: number | null, notes: string[]): number {
  if (input.batch === null) return asked ?? DEFAULT_BATCH;
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

async function inferGroup(images: Pixels[], runner: Runner, form: OutputForm, reduce: Reduce): Promise<ModelOutput[]> {
  const tensor = await runner.run(images);
  const values = outputValues(tensor, form.model);
  const { width, height } = sizeOf(tensor, form, runner.fed(images.length));
  const own = width === form.width && height === form.height ? reduce : createReduce({ ...form, width, height });
  return images.map((_, index) => own(values, index));
}

/** Of the map of this call: it may follow the images' size, while nothing else may change. */
function sizeOf({ dims }: Tensor, form: OutputForm, batch: number): { width: number; height: number } {
  const channelAxis = dims.length === 3 ? null : form.layout === 'NHWC' ? 3 : 1;
  const [height, width] = channelAxis === 1 ? [dims[2], dims[3]] : [dims[1], dims[2]];
  if (dims[0] !== batch || (channelAxis !== null && dims[channelAxis] !== form.channels)) {
    throw new WorkError(
      `${form.model} gave [${dims.join(',')}] for ${batch} images, and something else for the test image`,
    );
  }
  return { width, height };
}
