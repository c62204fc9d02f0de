import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { WorkError } from '../errors.js';

export type OnnxRuntime = typeof import('onnxruntime-node');

const PACKAGE = 'onnxruntime-node';
/** All that the CPU needs is in the package; its install script fetches CUDA's part and fails where it can't reach it. */
const INSTALL = `npm install ${PACKAGE}@1.30.0 --ignore-scripts`;

let loading: Promise<OnnxRuntime> | null = null;

/**
 * Loads the optional dependency, once.
 * @throws WorkError with the command that would mend it.
 */
export function loadOnnxRuntime(): Promise<OnnxRuntime> {
  loading ??= import('onnxruntime-node').then(
    (module) => {
      // Errors come as exceptions; what onnxruntime would print beside them belongs to nobody's stdout or stderr.
      module.env.logLevel = 'fatal';
      return module;
    },
    (error: NodeJS.ErrnoException) => {
      throw new WorkError(missing(error), { cause: error });
    },
  );
  return loading;
}

/** null where onnxruntime loads here, else why not and what to do. */
export async function probeOnnxRuntime(): Promise<string | null> {
  try {
    await loadOnnxRuntime();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function missing(error: NodeJS.ErrnoException): string {
  const absent = error.code === 'ERR_MODULE_NOT_FOUND' || error.message.includes(`Cannot find package '${PACKAGE}'`);
  if (absent) {
    return `${PACKAGE}, which runs .onnx models, is not installed: ${INSTALL} (with -g where maskaudit is installed globally)`;
  }
  const platform = `${process.platform}/${process.arch}`;
  const reason = error.message.split('\n')[0];
  return error.message.includes('onnxruntime_binding.node')
    ? `${PACKAGE} has no library that loads on ${platform} (${reason}): ${INSTALL}, or use another machine`
    : `${PACKAGE} does not load on ${platform}: ${reason}`;
}

/** What to do where CUDA was asked for and isn't there. */
export const CUDA_REMEDY =
  process.platform === 'linux' && process.arch === 'x64'
    ? `node node_modules/${PACKAGE}/script/install.js --onnxruntime-node-install=cuda12 fetches the CUDA provider (it needs an NVIDIA driver, CUDA 12 and cuDNN 9), or use --device cpu`
    : `there is no CUDA provider of ${PACKAGE} for ${process.platform}/${process.arch}: use --device cpu`;

/** True where the CUDA provider's library lies beside onnxruntime's own; whether it loads is another question. */
export function hasCudaLibrary(): boolean {
  try {
    const folder = path.dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`));
    const library = ['bin', 'napi-v6', process.platform, process.arch, 'libonnxruntime_providers_cuda.so'];
    return existsSync(path.join(folder, ...library));
  } catch {
    return false;
  }
}
