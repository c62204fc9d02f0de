import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodePng } from '../../src/pipeline/png/encode.js';

const BUILT = fileURLToPath(new URL('../../dist/', import.meta.url));
export const PROGRAM = path.join(BUILT, 'maskaudit.js');
export const ALIAS = path.join(BUILT, 'audit.js');
if (!existsSync(PROGRAM)) throw new Error('the program is not built: npm run setup');

/** Variables that would change what is tested stay out. */
const env = (more: Record<string, string> = {}): NodeJS.ProcessEnv => {
  const kept = Object.entries(process.env).filter(([name]) => !/^(MASKAUDIT_|FORCE_COLOR|NO_COLOR|CI$)/.test(name));
  return { ...Object.fromEntries(kept), NO_COLOR: '1', ...more };
};

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the program in a folder and waits for its end. */
export function maskaudit(args: string[], cwd: string, more: Record<string, string> = {}, program = PROGRAM): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    encoding: 'utf8',
    env: env(more),
    timeout: 60_000,
  });
  return { code: status, stdout, stderr };
}

/** Runs a line of bash in which `$MASKAUDIT` is the program. */
export function bash(line: string, cwd: string): Ended {
  const call = `"${process.execPath}" "${PROGRAM}"`;
  const script = `maskaudit() { ${call} "$@"; }\n${line}`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { cwd, encoding: 'utf8', env: env() });
  return { code: status, stdout, stderr };
}

/** Starts the program; `watch` sees its stdout as it comes and may send signals. */
export function watched(args: string[], cwd: string, watch: (text: string, kill: () => void) => void): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd, env: env() });
    const ended: Ended = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      ended.stdout += text;
      // Once: a second signal ends the program before it has written anything.
      watch(ended.stdout, () => void (child.killed || child.kill('SIGINT')));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      ended.stderr += text;
    });
    child.on('close', (code) => resolve({ ...ended, code }));
  });
}

/** An empty folder; its real path, as the program sees it. */
export const makeFolder = (): string => realpathSync(mkdtempSync(path.join(tmpdir(), 'maskaudit-program-')));
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

const SIDE = 16;

/** A gray picture of one value with a square of another: rows and columns from `from` to before `to`. */
function square(ground: number, value: number, [from, to]: readonly [number, number], side = SIDE): Buffer {
  const data = new Uint8Array(side * side).fill(ground);
  for (let y = from; y < to; y++) data.fill(value, y * side + from, y * side + to);
  return encodePng({ width: side, height: side, data });
}

export function write(file: string, bytes: Uint8Array | string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

/**
 * A masks data set with its configuration in a folder: `data/{train,test}/{images,masks}`, classes `cyst` (1) and `node` (2),
 * and `predictions/`. `cyst`: a is a hit with IoU 1, b a hit with IoU 1/4 (8x8 in 16x16), c a miss, d empty.
 * `node`: nowhere in the truth; predicted in d. Images differ from each other.
 */
export function makeDataset(folder: string): void {
  const classes = [
    { index: 1, key: 'cyst', aliases: ['bubble'] },
    { index: 2, key: 'node' },
  ];
  write(path.join(folder, 'maskaudit.config.json'), JSON.stringify({ classes, dataset: 'data' }));
  const samples = [
    { name: 'train/images/a', truth: square(0, 1, [2, 10]), predicted: square(0, 1, [2, 10]) },
    { name: 'train/images/b', truth: square(0, 1, [0, 16]), predicted: square(0, 1, [4, 12]) },
    { name: 'test/images/c', truth: square(0, 1, [4, 8]), predicted: square(0, 0, [0, 0]) },
    { name: 'test/images/d', truth: square(0, 0, [0, 0]), predicted: square(0, 2, [4, 8]) },
  ];
  samples.forEach(({ name, truth, predicted }, i) => {
    write(path.join(folder, 'data', `${name}.png`), square(20, 60 + 40 * i, [i, 12 + i]));
    write(path.join(folder, 'data', `${name.replace('images', 'masks')}.png`), truth);
    write(path.join(folder, 'predictions', `${name}.png`), predicted);
  });
}

/** A masks data set of many small pairs without findings of their own, so that a run lasts long enough to be stopped. */
export function makeManyImages(folder: string, count: number, side = SIDE): void {
  const classes = [{ index: 1, key: 'cyst' }];
  write(path.join(folder, 'maskaudit.config.json'), JSON.stringify({ classes }));
  const truth = square(0, 1, [2, 10], side);
  for (let i = 0; i < count; i++) {
    const name = `${String(i).padStart(5, '0')}.png`;
    write(path.join(folder, 'images', name), truth);
    write(path.join(folder, 'masks', name), truth);
  }
}
