import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { WorkError } from '../../../errors.js';
import { programFile } from '../../../program-files.js';
import { siteIn, type Variant, VERSIONS } from '../installation.js';
import { runTool } from './run-tool.js';

export interface Fetch {
  /** The folder that is being made. */
  folder: string;
  python: readonly string[];
  variant: Variant;
  signal: AbortSignal;
  /** Bytes that have come, and those that were announced so far. */
  onBytes(done: number, total: number): void;
}

/** The wheel with CUDA kernels has another name. Where there is no smaller one for the CPU, it serves both. */
const packageName = (variant: Variant) =>
  variant === 'gpu' || process.arch === 'arm64' ? 'tensorflow' : 'tensorflow-cpu';

/**
 * Wheels for any Python, whatever the one that fetches them: no Python runs what is taken from them.
 * The names of platforms are exact, so those of NVIDIA's wheels are among them.
 */
function foreignWheels(): string[] {
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const platforms = ['manylinux_2_27', 'manylinux_2_28', 'manylinux_2_17', 'manylinux2014'];
  return [
    ...['--no-deps', '--only-binary=:all:', '--implementation=cp', '--python-version=3.12', '--abi=cp312'],
    ...platforms.map((name) => `--platform=${name}_${machine}`),
  ];
}

/** Parts of the wheel that TensorFlow's C API is made of; the headers are needed for the build alone. */
const LIBRARIES = ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'];
const HEADERS = ['tensorflow/c/', 'xla/tsl/c/', 'tensorflow/core/platform/ctstring', 'tsl/platform/ctstring'].map(
  (beginning) => `tensorflow/include/${beginning}`,
);

/** Takes the libraries from the wheel, for a GPU those of CUDA from the wheels that it names, into `site`. */
export async function fetchLibraries(fetch: Fetch): Promise<void> {
  const { folder } = fetch;
  const wheels = path.join(folder, 'wheels');
  await pip(fetch, [
    'download',
    ...foreignWheels(),
    `--dest=${wheels}`,
    `${packageName(fetch.variant)}==${VERSIONS.tensorflow}`,
  ]);
  await unpack(fetch, wheels, [...LIBRARIES, ...HEADERS, ...(fetch.variant === 'gpu' ? ['tensorflow-'] : [])]);
  if (fetch.variant === 'cpu') return;
  await pip(fetch, ['download', ...foreignWheels(), `--dest=${wheels}`, ...cudaRequirements(siteIn(folder))]);
  // Where the wheel's libraries look for them: ../nvidia/*/lib, seen from theirs.
  await unpack(fetch, wheels, ['nvidia/']);
}

/** Installs TensorFlow with Keras and all that it needs to run in Python. */
export async function fetchWithKeras(fetch: Fetch): Promise<void> {
  const name = packageName(fetch.variant);
  const extra = fetch.variant === 'gpu' ? '[and-cuda]' : '';
  const site = `--target=${siteIn(fetch.folder)}`;
  await pip(fetch, ['install', site, '--no-compile', '--only-binary=:all:', `${name}${extra}==${VERSIONS.tensorflow}`]);
}

/** Runs pip with the user's own index settings, its temporary files on the disk whose room was looked at. */
async function pip({ folder, python, signal, onBytes }: Fetch, [command, ...args]: string[]): Promise<void> {
  const temporary = path.join(folder, 'tmp');
  let total = 0;
  const onLine = (line: string) => {
    const size = /^\s*Downloading .*\(([\d.]+) (kB|MB|GB)\)/.exec(line);
    if (size) total += Number(size[1]) * { kB: 1e3, MB: 1e6, GB: 1e9 }[size[2] as 'kB' | 'MB' | 'GB'];
  };
  const watch = setInterval(
    () => onBytes(Math.min(total, sizeOf(temporary) + sizeOf(path.join(folder, 'wheels'))), total),
    500,
  );
  try {
    const words = [
      '-m',
      'pip',
      command,
      '--disable-pip-version-check',
      '--no-cache-dir',
      '--progress-bar=off',
      '--no-input',
    ];
    await runTool([...python, ...words, ...args], {
      cwd: folder,
      env: { ...process.env, TMPDIR: temporary, PIP_USER: '0' },
      signal,
      onLine,
    });
    onBytes(total, total);
  } finally {
    clearInterval(watch);
  }
}

/** Bytes of the files in a folder, whatever comes and goes there meanwhile. */
function sizeOf(folder: string): number {
  try {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return files.reduce((sum, file) => {
      const stat = statSync(path.join(folder, file), { throwIfNoEntry: false });
      return sum + (stat?.isFile() ? stat.size : 0);
    }, 0);
  } catch {
    return 0;
  }
}

/** Puts what has one of these beginnings in its name from every wheel in a folder into `site`, and removes the wheels. */
async function unpack({ folder, python, signal }: Fetch, wheels: string, beginnings: string[]): Promise<void> {
  const script = fileURLToPath(programFile('python/unpack-wheels.py'));
  await runTool([...python, '-I', script, wheels, siteIn(folder), ...beginnings], { cwd: folder, signal });
}

/** What the wheel's extra for CUDA asks for: `nvidia-cublas-cu12<13.0,>=12.5.3.2`. */
export function cudaRequirements(site: string): string[] {
  const info = readdirSync(site).find((name) => /^tensorflow-.*\.dist-info$/.test(name));
  if (info === undefined) throw new WorkError("TensorFlow's wheel has no metadata, so its CUDA libraries aren't known");
  const lines = readFileSync(path.join(site, info, 'METADATA'), 'utf8').split(/\r?\n/);
  const asked = lines.flatMap((line) => {
    const found = /^Requires-Dist: (.*?)\s*;.*extra == ['"]and-cuda['"]/.exec(line);
    return found ? [found[1].replace(/[()\s]/g, '')] : [];
  });
  if (asked.length === 0) throw new WorkError("TensorFlow's wheel names no CUDA libraries");
  return asked;
}

/** Removes what only a build and pip need. */
export function tidyLibraries(folder: string): void {
  const nvidia = path.join(siteIn(folder), 'nvidia');
  const headers = existsSync(nvidia) ? readdirSync(nvidia).map((name) => path.join(nvidia, name, 'include')) : [];
  const others = ['wheels', 'tmp', 'site/tensorflow/include'].map((name) => path.join(folder, name));
  for (const unneeded of [...headers, ...others]) rmSync(unneeded, { recursive: true, force: true });
}
