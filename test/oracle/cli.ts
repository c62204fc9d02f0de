import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/maskaudit.js', import.meta.url));
const environment = { ...process.env, NO_COLOR: '1', CI: '1', FORCE_COLOR: undefined };

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the built program as a user would. */
export function maskaudit(...args: string[]): Outcome {
  if (!existsSync(program)) throw new Error('the program is not built: npm run build');
  const done = spawnSync(process.execPath, [program, ...args], {
    env: environment,
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 1 << 28,
  });
  return { status: done.status, stdout: done.stdout, stderr: done.stderr };
}

/** Starts the program and sends `signal` once `ready` says so; `signalled` tells whether it was still running then. */
export function interrupted(args: string[], signal: 'SIGINT' | 'SIGKILL', ready: () => boolean) {
  return new Promise<{ status: number | null; signalled: boolean; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let signalled = false;
    let stderr = '';
    child.stderr.on('data', (bytes) => {
      stderr += bytes;
    });
    const timer = setInterval(() => {
      if (signalled || child.exitCode !== null || !ready()) return;
      signalled = child.kill(signal);
    }, 2);
    child.on('close', (status) => {
      clearInterval(timer);
      resolve({ status, signalled, stderr });
    });
  });
}

/** A folder of one's own for a test file, and its removal. */
export function scratch(name: string): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), `maskaudit-oracle-${name}-`));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Every file under `folder` by its relative path. */
export function filesUnder(folder: string): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const path = join(folder, name);
    if (statSync(path).isFile()) found.set(relative(folder, path), readFileSync(path));
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
