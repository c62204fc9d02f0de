import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
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

/** In the environment of every tool, and so of all that it starts: the folder that it works in. */
const MARK = 'MASKAUDIT_INSTALL_FOLDER';

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
    env: { ...(env ?? process.env), [MARK]: cwd },
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

/** Ends tools that work in a folder for a program that has been killed, and waits until they are gone. */
export function endTools(folder: string): void {
  const marked = `${MARK}=${folder}\0`;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const orphans = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(marked));
    if (orphans.length === 0) return;
    for (const orphan of orphans) {
      try {
        process.kill(Number(orphan), 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
    Atomics.wait(pause, 0, 0, RETRY_MS);
  }
}

const RETRY_MS = 50;
const MOST_TRIES = 100;

/** Of a process of this user; empty for those of others, and for what has just ended. */
function environmentOf(process: string): string {
  try {
    return readFileSync(`/proc/${process}/environ`, 'utf8');
  } catch {
    return '';
  }
}
