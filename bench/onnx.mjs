// What the stream costs beside the model: CPU time for each further image of `audit --model` over the bare loop's.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { digits, median, ratios, table, times } from './figures.mjs';
import { freshRun, measure, program } from './lab.mjs';

const loop = path.join(path.dirname(fileURLToPath(import.meta.url)), 'onnx-loop.mjs');

/** `images`: two numbers of images; the difference leaves start and the loading of the model out. */
export function benchOnnx({ model, set, rounds, jobs, images: [few, many] }) {
  const file = path.resolve(model);
  const audit = (n) => {
    const args = ['audit', set.data, '--model', file, '--limit', `${n}`, '--jobs', jobs, '--batch', '1'];
    const rest = ['--format', 'json', '--no-ui', '--quiet', '--out', freshRun('onnx')];
    return measure(process.execPath, [program, ...args, ...rest], [0, 1]);
  };
  const bare = (n) => measure(process.execPath, [loop, file, `${n}`, jobs]);
  const further = (run) => {
    const [small, large] = [run(few), run(many)];
    const each = (key) => (1000 * (large[key] - small[key])) / (many - few);
    return { cpu: each('cpu'), wall: each('wall') };
  };
  audit(few);
  bare(few);
  const taken = { audit: [], bare: [] };
  for (let round = 1; round <= rounds; round++) {
    for (const [name, run] of [
      ['audit', audit],
      ['bare', bare],
    ]) {
      taken[name].push(further(run));
      const { cpu, wall } = taken[name].at(-1);
      console.error(
        `bench: onnx round ${round} ${name}: CPU ${digits(cpu, 1)} ms, wall ${digits(wall, 1)} ms an image`,
      );
    }
  }
  const of = (name, key) => taken[name].map((f) => f[key]);
  const row = (name) => [name, digits(median(of(name, 'cpu')), 1), digits(median(of(name, 'wall')), 1)];
  console.log(`\n### onnx, ${path.basename(model)}, each image from ${few} to ${many}, ${rounds} rounds\n`);
  console.log(table(['', 'CPU ms/image', 'wall ms/image'], [row('audit'), row('bare')]));
  const { medians, pairwise, low, high } = ratios(of('audit', 'cpu'), of('bare', 'cpu'));
  console.log(
    `\nCPU, audit / bare loop: ${times(medians)} of medians, ${times(pairwise)} median of pairs, ${times(low)} to ${times(high)}.`,
  );
}
