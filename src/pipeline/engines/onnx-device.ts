import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { WorkError } from '../errors.js';
import { hasCudaLibrary, type OnnxRuntime } from './onnx-runtime.js';

export interface OpenedSession {
  session: InferenceSession;
  /** What was asked for and granted; `deviceUsed` says after the first run what really computes. */
  device: 'cpu' | 'cuda:0';
  /** Stops profiling and gives the device that ran most of the operators, and a note where some ran elsewhere. */
  deviceUsed(): { device: string; note: string | null };
}

/** One thread a session: two such sessions gave 14-20 % more than one of two threads. Idle threads wait without spinning. */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 4,
  extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
};

/** A model's file, or its bytes. */
export type ModelSource = string | Uint8Array;

/**
 * Loads a model. `gpu` is CUDA or an error; `auto` is CUDA where its library is installed and works, else the CPU with a note.
 * @throws WorkError where CUDA can't be had, memory runs out, or the file is no model that onnxruntime reads.
 */
export async function openOnDevice(
  ort: OnnxRuntime,
  source: ModelSource,
  model: string,
  device: 'auto' | 'gpu' | 'cpu',
  notes: string[],
): Promise<OpenedSession> {
  if (device === 'gpu' || (device === 'auto' && hasCudaLibrary())) {
    try {
      return await openOnCuda(ort, source);
    } catch (error) {
      const reason = (error as Error).message.split('\n')[0];
      if (device === 'gpu') {
        throw new WorkError(`--device gpu: onnxruntime can't use CUDA here (${reason}): use --device cpu`, {
          cause: error,
        });
      }
      notes.push(`cpu, since CUDA failed: ${reason}`);
    }
  }
  try {
    const session = await create(ort, source, { ...SESSION_OPTIONS, executionProviders: ['cpu'] });
    return { session, device: 'cpu', deviceUsed: () => ({ device: 'cpu', note: null }) };
  } catch (error) {
    throw loadError(error as Error, source, model);
  }
}

/** Its two overloads take no union. */
function create(ort: OnnxRuntime, source: ModelSource, options: InferenceSession.SessionOptions) {
  return typeof source === 'string'
    ? ort.InferenceSession.create(source, options)
    : ort.InferenceSession.create(source, options);
}

function loadError(error: Error, source: ModelSource, model: string): Error {
  const said = typeof source === 'string' ? error.message.replaceAll(source, model) : error.message;
  const reason = said.split('\n')[0];
  if (/alloc|out of memory/i.test(reason)) {
    return new WorkError(`${model}: not enough memory to load it (${reason}): use fewer --jobs`, { cause: error });
  }
  return new WorkError(`${model} can't be loaded by onnxruntime: ${reason}`, { cause: error });
}

/** Opens with onnxruntime's profiler on, since only that tells which provider a node really ran on. */
async function openOnCuda(ort: OnnxRuntime, model: ModelSource): Promise<OpenedSession> {
  const folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-onnx-'));
  try {
    const session = await create(ort, model, {
      ...SESSION_OPTIONS,
      executionProviders: [{ name: 'cuda', deviceId: 0 }],
      enableProfiling: true,
      profileFilePrefix: path.join(folder, 'profile'),
    });
    const deviceUsed = () => {
      try {
        session.endProfiling();
        const files = readdirSync(folder);
        return judgeProfile(files.map((file) => readFileSync(path.join(folder, file), 'utf8')).join(''));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    };
    return { session, device: 'cuda:0', deviceUsed };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Reads onnxruntime's profile (Chrome's trace format): which provider the operators ran on. */
export function judgeProfile(text: string): { device: string; note: string | null } {
  const events: { cat?: string; args?: { provider?: string } }[] = JSON.parse(text);
  const ranOn = (provider: string) =>
    events.filter(({ cat, args }) => cat === 'Node' && args?.provider === provider).length;
  const cuda = ranOn('CUDAExecutionProvider');
  const cpu = ranOn('CPUExecutionProvider');
  const device = cuda > 0 && cuda >= cpu ? 'cuda:0' : 'cpu';
  const note = cpu > 0 ? `${cuda} of ${cuda + cpu} operators ran on cuda:0, the others on the CPU` : null;
  return { device, note };
}
