import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { WorkError } from '../../errors.js';
import { type WorkerName, workerFile } from '../../program-files.js';
import type { EngineOptions } from '../engine.js';
import type { SessionAnswer, SessionTask } from '../session-threads.js';

/** What the program and TensorFlow's process say to each other: a session's tasks, or to compute something small. */
export type ProcessTask = SessionTask | { kind: 'compute' };
export type ProcessAnswer = SessionAnswer | { kind: 'computed'; version: string; device: string; ms: number };

/** The package with the binding, and where it finds libraries that its system has not. */
export interface Binding {
  /** Of `tfjs-node-gpu` or `tfjs-node`. */
  packageFolder: string;
  libraryFolders: readonly string[];
}

export interface ProcessData {
  packageFolder: string;
  /** null where there is no model. */
  options: Omit<EngineOptions, 'onNote'> | null;
}

export interface TensorflowProcess {
  ask(task: ProcessTask): Promise<ProcessAnswer>;
  /** What TensorFlow has written: its reasons. */
  chatter(): readonly string[];
  close(): Promise<void>;
}

/** Lines that are kept of what TensorFlow writes; it may warn at every step. */
const MOST_LINES = 200;

/** How a process with TensorFlow in it is started; `threads` that an operator may use. */
interface ForkOptions {
  device: EngineOptions['device'];
  threads: number;
}

/** Starts a file of the program with TensorFlow's settings. @returns the process and the last lines that it wrote */
export function forkTensorflow(
  worker: WorkerName,
  { libraryFolders }: Binding,
  { device, threads }: ForkOptions,
): { child: ChildProcess; lines: readonly string[] } {
  const child = fork(workerFile(worker), {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
    env: {
      ...settings(threads),
      ...process.env,
      LD_LIBRARY_PATH: [...libraryFolders, process.env.LD_LIBRARY_PATH ?? '']
        .filter((folder) => folder !== '')
        .join(':'),
      ...(device === 'cpu' ? { CUDA_VISIBLE_DEVICES: '-1' } : {}),
    },
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const found = (rest + text).split('\n');
      rest = found.pop() ?? '';
      lines.push(...found);
      if (lines.length > MOST_LINES) lines.splice(0, lines.length - MOST_LINES);
    });
  }
  return { child, lines };
}

/** Starts a process that runs a model. Images go to it as copies through a socket: measured, 0.3 ms for one of 256x256 in colour. */
export function startProcess(
  binding: Binding,
  options: ProcessData['options'],
  { onNote, ...fork }: ForkOptions & { onNote?: EngineOptions['onNote'] },
): TensorflowProcess {
  const { child, lines } = forkTensorflow('tensorflow', binding, fork);
  let nextId = 0;
  let broken: Error | null = null;
  const waiting = new Map<number, { resolve(answer: ProcessAnswer): void; reject(error: Error): void }>();
  const fail = (error: Error) => {
    broken ??= error;
    for (const { reject } of waiting.values()) reject(broken);
    waiting.clear();
  };
  type Message = { note: string } | { id: number; answer: ProcessAnswer; error?: { message: string } };
  child.on('message', (message: Message) => {
    if ('note' in message) {
      onNote?.(message.note);
      return;
    }
    const { id, answer, error } = message;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error) asked?.reject(new WorkError(error.message));
    else asked?.resolve(answer);
  });
  child.on('error', (error) => fail(new WorkError(`TensorFlow's process failed: ${error.message}`, { cause: error })));
  const ended = new Promise<void>((resolve) => {
    child.on('close', (code, signal) => {
      fail(new WorkError(`TensorFlow's process ended (${signal ?? `exit code ${code}`})${lastWords(lines)}`));
      resolve();
    });
  });
  child.send({ begin: { packageFolder: binding.packageFolder, options } satisfies ProcessData });

  return {
    ask(task) {
      if (broken) return Promise.reject(broken);
      const id = nextId++;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        child.send({ id, task });
      });
    },
    chatter: () => lines,
    async close() {
      broken ??= new WorkError('the engine is closed');
      // It holds nothing but memory, and a call that is being computed would have to end first.
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Settings that TensorFlow reads as it is loaded; what the user has set goes before them. */
function settings(threads: number): NodeJS.ProcessEnv {
  return {
    // Warnings and errors; reasons are among them.
    TF_CPP_MIN_LOG_LEVEL: '1',
    // As much of the GPU's memory as is needed, not all of it.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    TF_NUM_INTRAOP_THREADS: String(threads),
  };
}

export function lastWords(lines: readonly string[]): string {
  const last = lines.filter((line) => line.trim() !== '').slice(-3);
  return last.length > 0 ? `: ${last.join(' / ')}` : ': it may have run out of memory';
}

/** TensorFlow computes something small. @throws WorkError where it can't be loaded, saying why */
export async function tryTensorflow(
  binding: Binding,
  device: EngineOptions['device'],
): Promise<{ version: string; device: string; ms: number; chatter: readonly string[] }> {
  const tensorflow = startProcess(binding, null, { device, threads: 1 });
  try {
    const answer = await tensorflow.ask({ kind: 'compute' });
    if (answer.kind !== 'computed') throw new TypeError(`asked to compute, it answered ${answer.kind}`);
    const { version, device: used, ms } = answer;
    return { version, device: used, ms, chatter: tensorflow.chatter() };
  } catch (error) {
    const { message } = error as Error;
    throw new WorkError(`${path.basename(binding.packageFolder)} can't be used: ${message.split('\n')[0]}`, {
      cause: error,
    });
  } finally {
    await tensorflow.close();
  }
}
