// Makes the checkout ready to run: installs the packages that are missing and builds what is older than its sources. Does
// nothing, and says nothing, where all is there.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => path.join(root, ...parts);

/** Runs a command with its output on ours; ends the setup where it fails. */
function run(command, args, why) {
  console.log(`setup: ${why}`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status === 0) return;
  console.error(`setup: ${[path.basename(command), ...args].join(' ')} failed${error ? `: ${error.message}` : ''}`);
  process.exit(1);
}

/** npm as it runs this script, else the one on the PATH. */
function npm(args, why) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) run(process.execPath, [cli, ...args], why);
  else run('npm', args, why);
}

const packagesOf = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : null);

/** Packages whose version is not the one of the lock file. Optional ones of other systems are never installed. */
function missingPackages(installed) {
  const wanted = Object.entries(packagesOf(at('package-lock.json')));
  return wanted.filter(([folder, { version, optional, link }]) => {
    if (folder === '' || link) return false;
    const there = installed[folder];
    return there ? there.version !== version || !existsSync(at(folder)) : !optional;
  });
}

/**
 * `npm install` keeps to the lock file's versions and adds what is missing, and no more. Not `npm ci`: that refuses a lock file
 * without the entries of other systems' optional packages, which a registry need not carry.
 */
function install() {
  const installed = packagesOf(at('node_modules', '.package-lock.json'));
  const missing = missingPackages(installed ?? {}).map(([folder]) => folder.replace(/^.*node_modules\//, ''));
  if (missing.length === 0) return;
  const names = missing.slice(0, 3).join(', ') + (missing.length > 3 ? ` and ${missing.length - 3} more` : '');
  npm(
    ['install', '--no-save', '--include=dev'],
    installed ? `installing what is missing: ${names}` : 'installing packages',
  );
}

/** Latest change under a file or folder, in ms; a folder's own time tells of deletions. 0 where there is none. */
function changed(file) {
  if (!existsSync(file)) return 0;
  const stat = statSync(file);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(file).map((name) => changed(path.join(file, name))));
}

/** True where one of the sources changed after the file was made, or the file is not there. */
function isOlder(file, sources) {
  return changed(at(file)) <= Math.max(...sources.map((source) => changed(at(source))));
}

function build() {
  const stale =
    isOlder('dist/maskaudit.js', ['src', 'package.json', 'scripts/build.mjs']) ||
    isOlder('wasm/kernels.wasm', ['assembly', 'scripts/build.mjs']);
  if (stale) run(process.execPath, [at('scripts', 'build.mjs')], 'building dist and the kernels from their sources');
}

install();
build();
