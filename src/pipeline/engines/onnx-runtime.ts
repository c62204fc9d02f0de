import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { npmInstall } from '../program-files.js';
import type { DeviceChoice, Trouble } from './engine.js';

export type OnnxRuntime = typeof import('onnxruntime-node');

const PACKAGE = 'onnxruntime-node';
/** All that the CPU needs is in the package; its install script fetches CUDA's part and fails where it can't reach it. */
const INSTALL = npmInstall(`${PACKAGE}@1.30.0 --ignore-scripts`);

let loading: Promise<OnnxRuntime> | null = null;

/** Loads the optional dependency, once. @throws what Node says of it. */
export function loadOnnxRuntime(): Promise<OnnxRuntime> {
  loading ??= import('onnxruntime-node').then((module) => {
    // Errors come as exceptions; what onnxruntime would print beside them belongs to nobody's stdout or stderr.
    module.env.logLevel = 'fatal';
    return module;
  });
  return loading;
}

/** null where onnxruntime loads here, and its CUDA library lies beside it where a GPU is asked for. */
export async function probeOnnxRuntime(device: DeviceChoice): Promise<Trouble | null> {
  try {
    await loadOnnxRuntime();
  } catch (error) {
    return missing(error as NodeJS.ErrnoException);
  }
  return device !== 'gpu' || hasCudaLibrary() ? null : noCuda();
}

function missing(error: NodeJS.ErrnoException): Trouble {
  if (error.code === 'ERR_MODULE_NOT_FOUND' || error.message.includes(`Cannot find package '${PACKAGE}'`)) {
    return { reason: `${PACKAGE}, which runs .onnx models, is not installed`, remedy: INSTALL };
  }
  const platform = `${process.platform}/${process.arch}`;
  const said = error.message.split('\n')[0];
  return error.message.includes('onnxruntime_binding.node')
    ? { reason: `${PACKAGE} has no library that loads on ${platform} (${said})`, remedy: INSTALL }
    : { reason: `${PACKAGE} does not load on ${platform}: ${said}`, remedy: null };
}

/** Where CUDA was asked for and its library isn't there. */
function noCuda(): Trouble {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const reason = `there is no CUDA library of ${PACKAGE} for ${process.platform}/${process.arch}`;
    return { reason, remedy: null };
  }
  const script = path.relative(process.cwd(), path.join(packageFolder(), 'script', 'install.js'));
  return {
    reason: `${PACKAGE} has no CUDA library here (it needs an NVIDIA driver, CUDA 12 and cuDNN 9 too)`,
    remedy: `node ${script} --onnxruntime-node-install=cuda12`,
  };
}

function packageFolder(): string {
  return path.dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`));
}

/** True where the CUDA provider's library lies beside onnxruntime's own; whether it loads is another question. */
export function hasCudaLibrary(): boolean {
  try {
    const library = ['bin', 'napi-v6', process.platform, process.arch, 'libonnxruntime_providers_cuda.so'];
    return existsSync(path.join(packageFolder(), ...library));
  } catch {
    return false;
  }
}
