import { existsSync, readFileSync } from 'node:fs';

/** The package's folder: the nearest one above this file that holds a package.json, in the sources and in dist alike. */
const ROOT = nearestPackage(new URL('./', import.meta.url));

function nearestPackage(folder: URL): URL {
  if (existsSync(new URL('package.json', folder))) return folder;
  const parent = new URL('../', folder);
  return parent.href === folder.href ? folder : nearestPackage(parent);
}

/** A file that the program brings along, by its path in the package. */
export function programFile(relative: string): URL {
  return new URL(relative, ROOT);
}

/** What the program runs in a thread or a process beside it. They run the built program only: Node reads no TypeScript. */
export type WorkerName =
  | ('batches' | 'measure' | 'onnx' | 'phantom' | 'tensorflow')
  | ('train' | 'wasm' | 'webgpu' | 'webgpu-probe');

export function workerFile(name: WorkerName): URL {
  return programFile(`dist/workers/${name}.js`);
}

/** What is looked up in package.json. */
interface PackageFacts {
  version: string;
  engines: { node: string };
  dependencies: Record<string, string>;
}

export function packageFacts(): PackageFacts {
  return JSON.parse(readFileSync(programFile('package.json'), 'utf8')) as PackageFacts;
}

/** The version in package.json. */
export function programVersion(): string {
  return packageFacts().version;
}

/** The command that puts a package beside this program: globally where it is installed so itself. */
export function npmInstall(what: string): string {
  const folder = new URL('../', ROOT);
  const isGlobal = folder.pathname.endsWith('/node_modules/') && !existsSync(new URL('../package.json', folder));
  return `npm install ${isGlobal ? '-g ' : ''}${what}`;
}
