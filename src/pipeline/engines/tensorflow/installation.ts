import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';

/** What is installed. The wheel of that version carries TensorFlow's C API, which the binding's sources are built against. */
export const VERSIONS = { tensorflow: '2.21.0', binding: '4.22.0', headers: '1.9.0' } as const;

export type Variant = 'cpu' | 'gpu';

/** A whole installation: what its marker says, and where its parts lie. */
export interface Installation {
  folder: string;
  tensorflow: string;
  binding: string;
  variant: Variant;
  platform: string;
  /** Version of Keras and the Python that runs it; null where it was not asked for. */
  keras: { version: string; python: string } | null;
}

/** Written last, into the folder that is renamed to its name when all else is there. */
const MARKER = 'installed.json';

export const PLATFORM = `${process.platform}-${process.arch}`;

/** $MASKAUDIT_HOME, else the user's cache folder, else the one for temporary files. */
export function programHome(env: NodeJS.ProcessEnv = process.env): string {
  if (env.MASKAUDIT_HOME) return path.resolve(env.MASKAUDIT_HOME);
  if (env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME)) return path.join(env.XDG_CACHE_HOME, 'maskaudit');
  const home = homedir();
  return home ? path.join(home, '.cache', 'maskaudit') : path.join(tmpdir(), 'maskaudit');
}

/** Where native TensorFlow is looked for: a folder, or a link to the one that `--dir` named. */
export function tensorflowFolder(): string {
  return path.join(programHome(), 'engines', 'tensorflow');
}

/** The npm package with the binding, and the folder of the wheel's own layout: `tensorflow/`, `nvidia/`, with Keras all of it. */
export const packageIn = (folder: string) => path.join(folder, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
export const siteIn = (folder: string) => path.join(folder, 'site');
export const markerIn = (folder: string) => path.join(folder, MARKER);

/** The installation in a folder, null where there is none that is whole. */
export function readInstallation(folder: string = tensorflowFolder()): Installation | null {
  const marker = markerIn(folder);
  if (!existsSync(marker)) return null;
  return { ...(JSON.parse(readFileSync(marker, 'utf8')) as Omit<Installation, 'folder'>), folder };
}

/** Folders of CUDA's libraries in an installation for GPUs. TensorFlow's own search path misses one of them (cuSOLVER's). */
export function cudaFolders(folder: string): string[] {
  const nvidia = path.join(siteIn(folder), 'nvidia');
  if (!existsSync(nvidia)) return [];
  return readdirSync(nvidia)
    .map((name) => path.join(nvidia, name, 'lib'))
    .filter((libraries) => existsSync(libraries));
}
