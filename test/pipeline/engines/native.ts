import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { programHome, tensorflowFolder } from '../../../src/pipeline/engines/tensorflow/installation.js';

const PROGRAM = fileURLToPath(new URL('../../../dist/maskaudit.js', import.meta.url));

/** In the user's cache folder, apart from what the user has installed: made once, and kept for the next run of the tests. */
process.env.MASKAUDIT_HOME = path.join(programHome(), 'tests');

/** Long enough for a slow line to a registry. */
export const INSTALL_MS = 20 * 60_000;

/**
 * Installs native TensorFlow with Keras where it isn't yet, as a user does; another file's tests may be about it already.
 * @returns its folder
 */
export async function installOnce(): Promise<string> {
  for (;;) {
    const { code, stderr } = await engine(['install', '--cpu', '--with-keras']);
    if (code === 0) return tensorflowFolder();
    if (!/another install \(process \d+\)/.test(stderr))
      throw new Error(`engine install ended with ${code}:\n${stderr}`);
    await sleep(1000);
  }
}

/** Runs `maskaudit engine ...`. */
export function engine(
  words: string[],
  { env = {}, signal }: { env?: NodeJS.ProcessEnv; signal?: AbortSignal } = {},
): Promise<{ code: number | NodeJS.Signals | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [PROGRAM, 'engine', ...words], { env: { ...process.env, ...env } });
    const ended = { stdout: '', stderr: '' };
    child.stdout.on('data', (text: Buffer) => {
      ended.stdout += text;
    });
    child.stderr.on('data', (text: Buffer) => {
      ended.stderr += text;
    });
    signal?.addEventListener('abort', () => child.kill(signal.reason));
    child.on('close', (code, name) => resolve({ code: code ?? name, ...ended }));
  });
}
