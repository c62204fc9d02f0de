import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { WorkError } from '../errors.js';
import { npmInstall, workerFile } from '../program-files.js';
import { type DeviceChoice, type EngineEntry, type EngineOptions, type Trouble, troubleWords } from './engine.js';
import { checkModelFile, isTfjsModel } from './model-file.js';
import { openThreads } from './session-threads.js';
import type { ProbeAnswer } from './webgpu-adapter.js';

/** Of Dawn for Node: 132 MB, libraries for five platforms, so it is installed by those who want it. */
const PACKAGE = 'webgpu@0.6.2';
const PROBE_MS = 60_000;

/** TensorFlow.js on WebGPU, which Dawn gives Node: any GPU with a Vulkan, Metal or Direct3D 12 driver. One session keeps it busy. */
export const webgpuEntry: EngineEntry = {
  name: 'webgpu',
  devices: ['gpu'],
  reads: isTfjsModel,
  probe: probeWebgpu,
  async open(options: EngineOptions) {
    await checkModelFile(options.model, 'a model.json');
    const trouble = await probeWebgpu(options.device, true);
    if (trouble !== null) throw new WorkError(troubleWords(trouble));
    return openThreads('webgpu', { ...options, jobs: 1 });
  },
};

async function probeWebgpu(device: DeviceChoice, named: boolean): Promise<Trouble | null> {
  if (device === 'cpu') return { reason: 'WebGPU computes on a GPU', remedy: 'use --device gpu' };
  const { answer, chatter } = await askProbe();
  if ('missing' in answer) return notInstalled();
  if ('failed' in answer)
    return { reason: `the npm package webgpu can't be used here: ${answer.failed}`, remedy: null };
  const { adapter } = answer;
  if (adapter === null) return noAdapter(chatter);
  if (!adapter.software || (named && device === 'auto')) return null;
  const slower = device === 'gpu' ? '' : ', slower than wasm';
  return { reason: `the only WebGPU adapter is ${adapter.name}, which computes on the CPU${slower}`, remedy: null };
}

let asking: Promise<{ answer: ProbeAnswer; chatter: string }> | null = null;

/** Asks once: hardware doesn't change while a program runs. */
function askProbe() {
  asking ??= new Promise((resolve) => {
    const options = { timeout: PROBE_MS, encoding: 'utf8' } as const;
    execFile(process.execPath, [fileURLToPath(workerFile('webgpu-probe'))], options, (error, stdout, stderr) => {
      const end = error?.signal ? `it ended with ${error.signal}` : `it ended with code ${error?.code}`;
      const answer = error ? { failed: end } : (JSON.parse(stdout) as ProbeAnswer);
      resolve({ answer, chatter: stderr });
    });
  });
  return asking;
}

/** Where there is no GPU, installing it would change nothing. */
function notInstalled(): Trouble {
  const reason = 'the npm package webgpu is not installed';
  return seesGpu() ? { reason, remedy: npmInstall(PACKAGE) } : { reason: `${reason}, and ${NO_GPU}`, remedy: null };
}

const NO_GPU = 'no GPU is to be seen in /dev';

/** Elsewhere than on Linux there is hardly a machine without one. */
function seesGpu(): boolean {
  return process.platform !== 'linux' || ['/dev/dri', '/dev/nvidia0', '/dev/dxg'].some((file) => existsSync(file));
}

/** What Dawn says of it is a warning such as `Couldn't load Vulkan: libvulkan.so.1: cannot open shared object file`. */
function noAdapter(chatter: string): Trouble {
  const warning = /^Warning: (.*?)\.?$/m.exec(chatter)?.[1];
  const reason = `there is no WebGPU adapter${warning ? ` (${warning})` : ''}`;
  if (!seesGpu()) return { reason: `${reason}, and ${NO_GPU}`, remedy: null };
  if (process.platform !== 'linux') return { reason, remedy: null };
  const words = `${reason}; its driver has to bring Vulkan (NVIDIA's own does, for others there is Mesa)`;
  return { reason: words, remedy: 'apt-get install libvulkan1 mesa-vulkan-drivers' };
}
