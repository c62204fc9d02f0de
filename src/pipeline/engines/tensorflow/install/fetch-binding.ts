import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageIn, siteIn, VERSIONS } from '../installation.js';
import { runTool } from './run-tool.js';

export interface BindingCall {
  folder: string;
  npm: readonly string[];
  compiler: readonly string[];
  signal: AbortSignal;
}

/** Installs the binding's package from npm without its install script, which would fetch a TensorFlow of 2022. */
export async function fetchBinding({ folder, npm, signal }: BindingCall): Promise<void> {
  const dependencies = {
    '@tensorflow/tfjs-node-gpu': VERSIONS.binding,
    // Node-API is the same for every Node, so one build serves all of them, and these serve wherever Node's own headers lie.
    'node-api-headers': VERSIONS.headers,
  };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  const words = ['install', `--prefix=${folder}`, '--global=false', '--ignore-scripts', '--no-package-lock', ...quiet];
  await runTool([...npm, ...words], { cwd: folder, signal });
}

/** Node-API version that the binding is written for; its loader looks in the folder of that name. */
const NODE_API = 8;

/** Builds the binding against the wheel's library, which it finds by a path from its own. */
export async function buildBinding({ folder, compiler, signal }: BindingCall): Promise<void> {
  const source = packageIn(folder);
  const libraries = path.join(siteIn(folder), 'tensorflow');
  const target = path.join(source, 'lib', `napi-v${NODE_API}`);
  const toLibraries = path.relative(target, libraries);
  mkdirSync(target, { recursive: true });
  await runTool(
    [
      ...compiler,
      ...['-std=c++17', '-O2', '-fPIC', '-shared', '-w', `-DNAPI_VERSION=${NODE_API}`, '-DBUILDING_NODE_EXTENSION'],
      `-I${path.join(folder, 'node_modules', 'node-api-headers', 'include')}`,
      `-I${path.join(libraries, 'include')}`,
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => path.join(source, 'binding', file)),
      ...['-o', path.join(target, 'tfjs_binding.node'), `-L${libraries}`],
      ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', `-Wl,-rpath,$ORIGIN/${toLibraries}`],
    ],
    { cwd: folder, signal },
  );
}

/** Removes what no program loads: headers, sources, types, tests, maps, and the bundles for browsers (280 of 302 MB). */
export function tidyBinding(folder: string): void {
  const modules = path.join(folder, 'node_modules');
  const remove = (file: string) => rmSync(file, { recursive: true, force: true });
  for (const name of ['node-api-headers', '@types']) remove(path.join(modules, name));
  const scope = path.join(modules, '@tensorflow');
  for (const name of readdirSync(scope)) {
    const at = path.join(scope, name);
    const { main } = JSON.parse(readFileSync(path.join(at, 'package.json'), 'utf8')) as { main: string };
    // The binding's own package is many small files, each of the others one bundle for Node.
    const isNeeded =
      at === packageIn(folder)
        ? (file: string) => /^(package\.json|LICENSE.*|lib\/.*|dist\/.*(?<!_test)\.js)$/.test(file)
        : (file: string) => file === 'package.json' || file === main || /^LICENSE/.test(file);
    for (const entry of readdirSync(at, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (!entry.isDirectory() && !isNeeded(path.relative(at, file))) remove(file);
    }
  }
}
