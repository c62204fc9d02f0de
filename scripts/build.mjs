#!/usr/bin/env node
// Builds wasm/kernels.wasm from assembly/ and dist/ from src/. The module is left alone where it is newer than its sources.
// dist/ holds the program and its threads as bundles, libraries included, since Node takes longer to find two hundred modules
// than to audit a thousand images; packages with native code stay outside.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

const ENTRIES = {
  maskaudit: 'src/commands/maskaudit.ts',
  audit: 'src/commands/audit-alias.ts',
  'workers/batches': 'src/pipeline/training/data/worker.ts',
  'workers/measure': 'src/pipeline/measuring/worker.ts',
  'workers/onnx': 'src/pipeline/engines/onnx-worker.ts',
  'workers/tensorflow': 'src/pipeline/engines/tensorflow/worker.ts',
  'workers/train': 'src/pipeline/training/worker.ts',
  'workers/phantom': 'src/pipeline/phantom/phantom-worker.ts',
  'workers/wasm': 'src/pipeline/engines/wasm-worker.ts',
  'workers/webgpu': 'src/pipeline/engines/webgpu-worker.ts',
  'workers/webgpu-probe': 'src/pipeline/engines/webgpu-probe.ts',
};

/** What TensorFlow.js's wasm backend reads when it starts; every Node that this program runs on has SIMD. */
const TFJS_WASM = 'tfjs-backend-wasm-simd.wasm';

/** Runs a package's command line in this Node; ends the build where it fails. */
function run(packageName, bin, args) {
  const script = join(dirname(require.resolve(`${packageName}/package.json`)), bin);
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function newest(folder) {
  return Math.max(...readdirSync(join(root, folder)).map((name) => statSync(join(root, folder, name)).mtimeMs));
}

function buildKernels() {
  const wasm = join(root, 'wasm/kernels.wasm');
  const built = existsSync(wasm) ? statSync(wasm).mtimeMs : 0;
  if (built >= newest('assembly') && built >= statSync(fileURLToPath(import.meta.url)).mtimeMs) return;
  mkdirSync(dirname(wasm), { recursive: true });
  const options = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert', '--use', 'abort='];
  // Renamed when whole: another process may be loading it.
  const fresh = join(root, `wasm/${process.pid}.wasm`);
  run('assemblyscript', 'bin/asc.js', ['assembly/index.ts', '-o', fresh, ...options]);
  renameSync(fresh, wasm);
}

/** The folder of the package that a bundled module comes from; null for our own sources. */
function packageFolder(module) {
  const at = module.lastIndexOf(`${sep}node_modules${sep}`);
  if (at < 0) return null;
  const [first, second] = module.slice(at + '/node_modules/'.length).split(sep);
  return join(module.slice(0, at), 'node_modules', first, first.startsWith('@') ? second : '');
}

/** Bundled libraries come with their licences: their texts, one after the other. */
function licences(modules) {
  const folders = [...new Set(modules.map(packageFolder).filter((folder) => folder !== null))].sort();
  return folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), 'utf8').trim() : ''}\n`;
  });
}

async function bundle() {
  const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const native = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  const build = await rolldown({
    cwd: root,
    input: ENTRIES,
    platform: 'node',
    // Ink asks for React's developer tools where DEV is set, TensorFlow.js for node-fetch where a URL is loaded: nobody has them.
    external: [/^node:/, 'react-devtools-core', 'node-fetch', ...native],
    // TensorFlow.js's `main` is one file that can't be shaken.
    resolve: { mainFields: ['module', 'main'] },
    transform: {
      define: {
        'process.env.NODE_ENV': '"production"',
        // Yoga and TensorFlow.js would read their own bytes by fetch, which Node takes 50 ms to load; without it they read files.
        fetch: 'undefined',
        __dirname: 'import.meta.dirname',
      },
    },
  });
  const fresh = join(root, `dist.${process.pid}`);
  const { output } = await build.write({ dir: fresh, format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js' });
  await build.close();
  mkdirSync(join(fresh, 'tfjs'));
  copyFileSync(require.resolve(`@tensorflow/tfjs-backend-wasm/dist/${TFJS_WASM}`), join(fresh, 'tfjs', TFJS_WASM));
  for (const name of ['maskaudit', 'audit']) chmodSync(join(fresh, `${name}.js`), 0o755);
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  writeFileSync(join(fresh, 'LICENCES-OF-LIBRARIES.txt'), licences(modules).join(`\n${'-'.repeat(80)}\n\n`));
  const old = `${fresh}.old`;
  const dist = join(root, 'dist');
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

buildKernels();
await bundle();
