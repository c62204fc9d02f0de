import type { Tensor } from 'onnxruntime-node';
import { withClassActivation } from '../model/class-activation.js';
import { outputOperator } from '../model/onnx-graph.js';
import { createReduce } from '../model/reduce.js';
import type { Engine, EngineOptions } from './engine.js';
import type { Graph } from './graph.js';
import { type OpenedSession, openOnDevice } from './onnx-device.js';
import { loadOnnxRuntime, type OnnxRuntime } from './onnx-runtime.js';
import { inputTensor, outputValues, tensorForms } from './onnx-tensors.js';
import { openSession } from './session.js';

/** Images a call where neither the graph nor the user says. */
const DEFAULT_BATCH = 4;

/** One session on the calling thread. The onnx engine has one of these in each of its worker threads. */
export function openOnnxSession(options: EngineOptions): Promise<Engine> {
  return openSession(options, (model, notes) => loadOnnxGraph(options, model, notes));
}

async function loadOnnxGraph(options: EngineOptions, model: string, notes: string[]): Promise<Graph<Tensor>> {
  const ort = await loadOnnxRuntime();
  const { session, deviceUsed } = await openWithHeat(ort, options, model, notes);
  return {
    engine: 'onnx',
    version: `onnxruntime ${ort.env.versions.node ?? ort.env.versions.common}`,
    inputs: tensorForms(session.inputMetadata),
    outputs: tensorForms(session.outputMetadata),
    defaultBatch: DEFAULT_BATCH,
    operatorOf: (output) => outputOperator(options.model, output),
    async run(input, values, dims, outputs) {
      const feeds = { [input.name]: inputTensor(ort, input.type, values, dims) };
      const given = await session.run(feeds, outputs);
      return outputs.map((name) => given[name] as Tensor);
    },
    dimsOf: ({ dims }) => dims,
    read: async (tensor) => ({ type: tensor.type, values: outputValues(tensor, model) }),
    reducer(form) {
      const reduce = createReduce(form);
      return async (tensor, count) => {
        const values = outputValues(tensor, model);
        return Array.from({ length: count }, (_, index) => reduce(values, index));
      };
    },
    // Outputs lie in memory of JavaScript's own.
    dispose: () => {},
    deviceUsed,
    close: () => session.release(),
  };
}

/** A classifier without heat maps whose head gives them is loaded with an output for them. */
async function openWithHeat(
  ort: OnnxRuntime,
  { model: path, device }: EngineOptions,
  model: string,
  notes: string[],
): Promise<OpenedSession> {
  const extended = withClassActivation(path);
  if (extended !== null) {
    try {
      const opened = await openOnDevice(ort, extended, model, device, notes);
      notes.push('class activation maps from what its global average pooling is of');
      return opened;
    } catch {
      // Whatever is the matter, it is the file as it lies there that errors are about.
    }
  }
  return openOnDevice(ort, path, model, device, notes);
}
