// Where the bench keeps what it makes once: phantom data sets and a Python with the peers' libraries.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
export const program = path.resolve(here, '../dist/maskaudit.js');
export const peer = (name) => path.join(here, 'peers', `${name}.py`);

/** $MASKAUDIT_HOME, else the user's cache folder, else the one for temporary files. Never the tree. */
function cache() {
  const { MASKAUDIT_HOME, XDG_CACHE_HOME } = process.env;
  const user = homedir();
  return (
    MASKAUDIT_HOME ??
    (XDG_CACHE_HOME ? path.join(XDG_CACHE_HOME, 'maskaudit') : user ? path.join(user, '.cache/maskaudit') : tmpdir())
  );
}
/** Where the program has its engines. */
const home = cache();
export const lab = path.join(home, 'bench');
mkdirSync(lab, { recursive: true });

/** Python puts its compiled files here, not beside the peers. */
const environment = { ...process.env, NO_COLOR: '1', PYTHONPYCACHEPREFIX: path.join(lab, 'pycache') };

export function fail(message) {
  console.error(`bench: ${message}`);
  process.exit(1);
}

export function must(command, args, what, more = {}) {
  const { status, error, stderr } = spawnSync(command, args, {
    env: { ...environment, ...more },
    // Results alone go to stdout.
    stdio: ['ignore', 2, 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) fail(`${what} failed: ${error?.message ?? stderr.trim().split('\n').slice(-5).join('\n')}`);
}

/** A virtual environment with numpy, Pillow, OpenCV, onnx and onnxruntime; gives its Python. */
export function python() {
  const folder = path.join(lab, 'venv');
  const bin = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const ready = spawnSync(bin, ['-c', 'import numpy, PIL, cv2, onnx, onnxruntime'], { env: environment }).status === 0;
  if (ready) return bin;
  console.error('bench: making a Python for the peers (once) ...');
  rmSync(folder, { recursive: true, force: true });
  must('python3', ['-m', 'venv', folder], 'python3 -m venv');
  must(
    bin,
    ['-m', 'pip', 'install', '-q', 'numpy', 'pillow', 'opencv-python-headless', 'onnx', 'onnxruntime'],
    'pip install',
  );
  return bin;
}

/** Native TensorFlow with Keras, as the program installs it; nothing happens where it is there. */
export function keras() {
  must(process.execPath, [program, 'engine', 'install', '--with-keras'], 'engine install --with-keras');
  const folder = path.join(home, 'engines', 'tensorflow');
  const { keras } = JSON.parse(readFileSync(path.join(folder, 'installed.json'), 'utf8'));
  return { python: keras.python, site: path.join(folder, 'site') };
}

/** A U-Net with softmax output that takes tens of milliseconds an image, and a classifier for a tenth of that; made once. */
export const model = () => made('bench-softmax.onnx');
export const gate = () => made('bench-gate.onnx');

function made(name) {
  const file = path.join(lab, 'model', name);
  if (existsSync(file)) return file;
  const folder = path.dirname(file);
  mkdirSync(folder, { recursive: true });
  must(python(), [path.resolve(here, '../fixtures/onnx/make.py'), '--bench', folder], 'make.py');
  return file;
}

/** A phantom set of so many images and its predictions; made once. */
export function phantom(images) {
  const folder = path.join(lab, `phantom-${images}`);
  const set = { images, data: path.join(folder, 'data'), predictions: path.join(folder, 'predictions') };
  if (existsSync(folder)) return set;
  console.error(`bench: making ${images.toLocaleString('en')} phantom images (once) ...`);
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  const args = [path.join(making, 'data'), '--images', `${images}`, '--seed', '1'];
  must(process.execPath, [program, 'phantom', ...args, '--predictions', path.join(making, 'predictions')], 'phantom');
  renameSync(making, folder);
  return set;
}

/** Runs a whole process, timed from outside. `allowed`: exit codes that are no failure; `extra`: more of its environment. */
export function measure(command, args, allowed = [0], extra = {}) {
  const wrapper = path.join(here, 'measure.py');
  const done = spawnSync('python3', [wrapper, command, ...args], {
    env: { ...environment, ...extra },
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  const lines = done.stderr.trim().split('\n');
  const figures = JSON.parse(lines.at(-1));
  if (!allowed.includes(figures.status)) {
    fail(`${[command, ...args].join(' ')} ended with ${figures.status}:\n${lines.slice(-12, -1).join('\n')}`);
  }
  return { ...figures, stdout: done.stdout };
}

/** A run folder that is empty at the start of each run. */
export function freshRun(name) {
  const folder = path.join(lab, 'runs', name);
  rmSync(folder, { recursive: true, force: true });
  return folder;
}
