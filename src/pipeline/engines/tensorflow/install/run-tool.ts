import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { WorkError } from '../../../errors.js';

export interface ToolCall {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Ends the tool and all that it started. */
  signal: AbortSignal;
  /** Sees its lines, of both streams. */
  onLine?(line: string): void;
}

/** Lines of a tool that failed which are repeated to the user. */
const LAST_LINES = 8;

/**
 * Runs a program to its end. It has a process group of its own, so that a compiler's or package manager's children end with it.
 * @throws WorkError with the last of what it said where it fails; the signal's reason where that is aborted
 */
export async function runTool(words: readonly string[], { cwd, env, signal, onLine }: ToolCall): Promise<void> {
  signal.throwIfAborted();
  const [command, ...args] = words;
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const end = () => {
    try {
      process.kill(-(child.pid as number), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  signal.addEventListener('abort', end);
  process.once('exit', end);
  const last: string[] = [];
  const listen = (stream: Readable) =>
    createInterface({ input: stream }).on('line', (line) => {
      if (line.trim() === '') return;
      onLine?.(line);
      last.push(line.trimEnd());
      if (last.length > LAST_LINES) last.shift();
    });
  listen(child.stdout);
  listen(child.stderr);
  try {
    const outcome = await new Promise<number | string>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, name) => resolve(code ?? name ?? 'unknown'));
    });
    signal.throwIfAborted();
    if (outcome !== 0) throw new WorkError(`${command} failed (${outcome}):\n${last.join('\n')}`);
  } finally {
    signal.removeEventListener('abort', end);
    process.off('exit', end);
  }
}
