// What the stream costs beside the model: time for each further image of `audit --model`, of the bare inference loop in the same
// runtime, and of Python's, in turn.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../scripts/bundle.mjs';
import { digits, median, ratios, table, times } from './figures.mjs';
import { freshRun, keras, lab, measure, must, peer, program, python } from './lab.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const PAIRS = [
  ['audit', 'bare'],
  ['bare', 'python'],
  ['audit', 'python'],
];

/** `images`: two numbers of images; the difference leaves start and the loading of the model out. */
export function benchOnnx({ model, set, rounds, jobs, images }) {
  const file = path.resolve(model);
  const loop = path.join(here, 'onnx-loop.mjs');
  const programs = {
    audit: (n) => audit(set, file, n, ['--engine', 'onnx', '--jobs', jobs, '--batch', '1']),
    bare: (n) => measure(process.execPath, [loop, file, `${n}`, jobs]),
    python: (n) => measure(python(), [peer('onnx_infer'), file, `${n}`, jobs]),
  };
  compare(`onnx, ${path.basename(model)}`, rounds, images, programs, PAIRS);
}

export async function benchTensorflow({ set, rounds, jobs, images }) {
  const batch = '4';
  const { python: interpreter, site } = keras();
  const environment = { TF_NUM_INTRAOP_THREADS: jobs, TF_CPP_MIN_LOG_LEVEL: '3' };
  const withKeras = { ...environment, PYTHONPATH: site };
  const folder = savedModel(interpreter, withKeras);
  const loop = await bundle(path.join(here, 'tensorflow-loop.mjs'));
  const saved = path.join(folder, 'saved');
  const programs = {
    audit: (n) => audit(set, saved, n, ['--engine', 'tensorflow', '--jobs', jobs, '--batch', batch]),
    bare: (n) => measure(process.execPath, [loop, saved, `${n}`, batch], [0], environment),
    python: (n) => measure(interpreter, [peer('keras_infer'), folder, `${n}`, batch], [0], withKeras),
  };
  compare('tensorflow, U-Net with ResNet50 by Keras', rounds, images, programs, PAIRS);
}

/** The model in both of its forms; made once. */
function savedModel(interpreter, environment) {
  const folder = path.join(lab, 'unet-resnet50');
  if (existsSync(folder)) return folder;
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making);
  must(interpreter, [peer('keras_infer'), '--make', making], 'keras_infer.py --make', environment);
  renameSync(making, folder);
  return folder;
}

/** One audit of the first `images` of a set, timed. */
export function audit(set, model, images, flags) {
  const rest = ['--limit', `${images}`, '--format', 'json', '--no-ui', '--quiet', '--out', freshRun('inference')];
  return measure(process.execPath, [program, 'audit', set.data, '--model', model, ...flags, ...rest], [0, 1]);
}

/**
 * Time for each image between two numbers of them, of programs in turn, and ratios of pairs of programs.
 * @param programs by name: runs on so many images, and gives its `cpu` and `wall` seconds
 * @returns of each program milliseconds an image, a list over the rounds: `cpu`, `wall`
 */
export function compare(title, rounds, [few, many], programs, pairs) {
  const names = Object.keys(programs);
  for (const name of names) programs[name](few);
  const taken = Object.fromEntries(names.map((name) => [name, { cpu: [], wall: [] }]));
  for (let round = 1; round <= rounds; round++) {
    for (const name of names) {
      const [small, large] = [programs[name](few), programs[name](many)];
      for (const key of ['cpu', 'wall']) taken[name][key].push((1000 * (large[key] - small[key])) / (many - few));
      const last = (key) => digits(taken[name][key].at(-1), 1);
      console.error(`bench: ${title}, round ${round} ${name}: CPU ${last('cpu')} ms, wall ${last('wall')} ms an image`);
    }
  }
  console.log(`\n### ${title}, each image from ${few} to ${many}, ${rounds} rounds\n`);
  const cells = (name) => ['cpu', 'wall'].map((key) => digits(median(taken[name][key]), 1));
  console.log(
    `${table(
      ['', 'CPU ms/image', 'wall ms/image'],
      names.map((name) => [name, ...cells(name)]),
    )}\n`,
  );
  const rows = pairs.flatMap(([name, other]) =>
    ['cpu', 'wall'].map((key) => {
      const { medians, pairwise, low, high } = ratios(taken[name][key], taken[other][key]);
      return [`${name} / ${other}`, key, times(medians), times(pairwise), `${times(low)} to ${times(high)}`];
    }),
  );
  console.log(table(['', 'time', 'of medians', 'median of pairs', 'range'], rows));
  return taken;
}
