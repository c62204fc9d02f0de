#!/usr/bin/env node
// Builds wasm/kernels.wasm from assembly/ and dist/ from src/. The module is left alone where it is newer than its sources.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

/** Runs a package's command line in this Node; ends the build where it fails. */
function run(packageName, bin, args) {
  const script = join(dirname(require.resolve(`${packageName}/package.json`)), bin);
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function newest(folder) {
  return Math.max(...readdirSync(join(root, folder)).map((name) => statSync(join(root, folder, name)).mtimeMs));
}

const wasm = join(root, 'wasm/kernels.wasm');
const built = existsSync(wasm) ? statSync(wasm).mtimeMs : 0;
if (built < newest('assembly') || built < statSync(fileURLToPath(import.meta.url)).mtimeMs) {
  mkdirSync(dirname(wasm), { recursive: true });
  const options = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert', '--use', 'abort='];
  // Renamed when whole: another process may be loading it.
  const fresh = join(root, `wasm/${process.pid}.wasm`);
  run('assemblyscript', 'bin/asc.js', ['assembly/index.ts', '-o', fresh, ...options]);
  renameSync(fresh, wasm);
}

run('typescript', 'bin/tsc', ['-p', 'tsconfig.json']);

const commands = join(root, 'dist/commands');
if (existsSync(commands)) {
  for (const name of readdirSync(commands)) {
    if (name.endsWith('.js')) chmodSync(join(commands, name), 0o755);
  }
}
