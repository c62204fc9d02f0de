import { WorkError } from '../../errors.js';
import {
  type DeviceChoice,
  type Engine,
  type EngineEntry,
  type EngineOptions,
  type Trouble,
  troubleWords,
} from '../engine.js';
import { isSavedModel, isTfjsModel } from '../model-file.js';
import { revive } from '../session-threads.js';
import { CPU_ALONE, INSTALL, locateTensorflow, MISSING } from './locate.js';
import { type ProcessAnswer, startProcess, type TensorflowProcess, tryTensorflow } from './process.js';

/** Native TensorFlow in a process of its own: SavedModels in graph mode, and models of TF.js. */
export const tensorflowEntry: EngineEntry = {
  name: 'tensorflow',
  devices: ['gpu', 'cpu'],
  reads: (model) => isTfjsModel(model) || isSavedModel(model),
  probe: probeTensorflow,
  open: openTensorflow,
};

/**
 * An installation in the cache has computed before it got its marker; a package of npm's has to show that it can, and a GPU that
 * it is there.
 */
async function probeTensorflow(device: DeviceChoice): Promise<Trouble | null> {
  const located = locateTensorflow();
  if (located === null) return MISSING;
  const { installation } = located;
  if (device === 'gpu' && installation?.variant === 'cpu') return CPU_ALONE;
  if (device !== 'gpu' && installation !== null) return null;
  try {
    const { device: used, chatter } = await tryTensorflow(located, device);
    return device === 'gpu' && used === 'cpu' ? { reason: whyNoGpu(chatter), remedy: null } : null;
  } catch (error) {
    return { reason: (error as Error).message, remedy: INSTALL };
  }
}

async function openTensorflow(options: EngineOptions): Promise<Engine> {
  const { onNote, ...plain } = options;
  const { device, jobs } = options;
  const located = locateTensorflow();
  if (located === null) throw new WorkError(troubleWords(MISSING));
  const tensorflow = startProcess(located, plain, { device, threads: jobs, onNote });
  try {
    const { info } = await ask(tensorflow, { kind: 'open' }, 'opened');
    if (info.device === 'cpu' && device !== 'cpu') {
      const forCpu = located.installation?.variant === 'cpu';
      const reason = forCpu ? troubleWords(CPU_ALONE) : whyNoGpu(tensorflow.chatter());
      if (device === 'gpu') throw new WorkError(`--device gpu: ${reason}`);
      if (!forCpu) info.notes.unshift(`cpu: ${reason}`);
    }
    return {
      info,
      sessions: 1,
      infer: async (images) => (await ask(tensorflow, { kind: 'infer', images }, 'outputs')).outputs,
      close: () => tensorflow.close(),
    };
  } catch (error) {
    await tensorflow.close();
    throw error;
  }
}

async function ask<K extends ProcessAnswer['kind']>(
  tensorflow: TensorflowProcess,
  task: Parameters<TensorflowProcess['ask']>[0],
  kind: K,
): Promise<ProcessAnswer & { kind: K }> {
  const answer = await tensorflow.ask(task);
  if (answer.kind === 'failed') throw revive(answer);
  if (answer.kind !== kind) throw new TypeError(`asked to ${task.kind}, TensorFlow's process answered ${answer.kind}`);
  return answer as ProcessAnswer & { kind: K };
}

/** What TensorFlow says of a GPU that it can't use, without the place in its sources. */
export function whyNoGpu(chatter: readonly string[]): string {
  const line = chatter.find((text) =>
    /cuInit|CUDA_ERROR|libcuda|no CUDA-capable|dlopen some GPU libraries/i.test(text),
  );
  if (line === undefined) return 'TensorFlow found no GPU';
  return `TensorFlow can't use a GPU here: ${line.replace(/^.*?\.cc:\d+\] /, '')}`;
}
