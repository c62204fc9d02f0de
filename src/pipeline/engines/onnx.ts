import { WorkError } from '../errors.js';
import { type Engine, type EngineEntry, type EngineOptions, troubleWords } from './engine.js';
import { checkModelFile } from './model-file.js';
import { hasCudaLibrary, probeOnnxRuntime } from './onnx-runtime.js';
import { openThreads } from './session-threads.js';

/** ONNX Runtime: one-thread sessions in `jobs` worker threads, where images are prepared and probabilities reduced too. */
export const onnxEntry: EngineEntry = {
  name: 'onnx',
  devices: ['gpu', 'cpu'],
  reads: (model) => /\.onnx$/i.test(model),
  probe: probeOnnxRuntime,
  open: openOnnx,
};

async function openOnnx(options: EngineOptions): Promise<Engine> {
  await checkModelFile(options.model, 'an .onnx file');
  const trouble = await probeOnnxRuntime(options.device);
  if (trouble !== null) throw new WorkError(troubleWords(trouble));
  const cuda = options.device === 'gpu' || (options.device === 'auto' && hasCudaLibrary());
  if (!cuda) return openThreads('onnx', { ...options, device: 'cpu' });
  // One session keeps a GPU busy. Where `auto` ends on the CPU after all, it gets its threads.
  const engine = await openThreads('onnx', { ...options, jobs: 1 });
  if (engine.info.device !== 'cpu' || options.jobs === 1) return engine;
  const why = engine.info.notes.filter((note) => note.startsWith('cpu'));
  await engine.close();
  const onCpu = await openThreads('onnx', { ...options, device: 'cpu' });
  onCpu.info.notes.unshift(...why);
  return onCpu;
}
