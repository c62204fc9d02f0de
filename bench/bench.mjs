// npm run bench -- [--quick] [--only stats|audit|screen|onnx|hybrid|tensorflow|train] [--rounds N] [--model FILE.onnx] [--gate FILE.onnx]
// Whole processes in turn, A B C A B C, against Pillow and OpenCV; tables in Markdown on stdout, progress on stderr.
import { existsSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { digits, median, ratios, table, times } from './figures.mjs';
import { firstResult } from './first-result.mjs';
import { benchHybrid } from './hybrid.mjs';
import { benchOnnx, benchTensorflow } from './inference.mjs';
import { fail, freshRun, gate, lab, measure, model, peer, phantom, program, python } from './lab.mjs';
import { benchScreen } from './screen.mjs';
import { benchTrain } from './train.mjs';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    model: { type: 'string' },
    gate: { type: 'string' },
  },
});
const parts = ['stats', 'audit', 'screen', 'onnx', 'hybrid', 'tensorflow', 'train'];
if (options.only && !parts.includes(options.only)) fail(`--only ${options.only}: one of ${parts.join(', ')}`);
if (!existsSync(program)) fail('the program is not built: npm run build');
const rounds = Number(options.rounds ?? (options.quick ? 3 : 5));
if (!Number.isInteger(rounds) || rounds < 1) fail(`--rounds ${options.rounds}: a whole number from 1`);
const [few, many] = options.quick ? [1000, 3000] : [3000, 30_000];
const JOBS = '2';

/** The three programs on one set: what to run, and the totals in what it prints. */
function contestants(task, set) {
  const tree = task === 'audit' ? [set.data, '--predictions', set.predictions] : [set.data];
  const flags = ['--format', 'json', '--no-ui', '--quiet', '--jobs', JOBS];
  const ours = {
    name: 'maskaudit',
    run: () => {
      const args = [program, task, ...tree, ...flags, '--out', freshRun(task)];
      return measure(process.execPath, args, [0, 1]);
    },
    totals: (stdout) => {
      const summary = JSON.parse(stdout);
      const pixels = summary.classes.map((c) => c.truth.pixels);
      const classImages = summary.classes.map((c) => c.truth.images);
      return { images: summary.images, pixels, classImages, ...(task === 'audit' && { confusion: summary.confusion }) };
    },
  };
  const others = ['opencv', 'pillow'].map((name) => ({
    name,
    run: () => measure(python(), [peer(name), task, set.data, ...(task === 'audit' ? [set.predictions] : [])]),
    totals: (stdout) => JSON.parse(stdout),
  }));
  return [ours, ...others];
}

/** A warm-up in which all have to agree, then the rounds. Gives a list of figures for each program. */
function race(task, images) {
  const programs = contestants(task, phantom(images));
  const totals = programs.map(({ run, totals }) => JSON.stringify(totals(run().stdout)));
  programs.forEach(({ name }, i) => {
    if (totals[i] !== totals[0]) fail(`${task}, ${images}: ${name} counts otherwise\n${totals[0]}\n${totals[i]}`);
  });
  const taken = Object.fromEntries(programs.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const { name, run } of programs) {
      const { wall, cpu, peakMb } = run();
      taken[name].push({ wall, cpu, peakMb });
      console.error(`bench: ${task} ${images} round ${round} ${name}: ${digits(wall)} s, CPU ${digits(cpu)} s`);
    }
  }
  return taken;
}

const column = (figures, key) => figures.map((f) => f[key]);

function report(task, images, taken) {
  const rows = Object.entries(taken).map(([name, figures]) => [
    ...[name, digits(median(column(figures, 'wall'))), Math.round(images / median(column(figures, 'wall')))],
    ...[digits(median(column(figures, 'cpu'))), digits((1000 * median(column(figures, 'cpu'))) / images, 3)],
    Math.round(median(column(figures, 'peakMb'))),
  ]);
  const head = ['program', 'wall s', 'samples/s', 'CPU s', 'CPU ms/sample', 'peak MB'];
  console.log(`\n### ${task}, ${images.toLocaleString('en')} samples, ${rounds} rounds\n\n${table(head, rows)}\n`);
}

/** The better peer by median wall time. */
function better(taken) {
  return ['opencv', 'pillow'].sort((a, b) => median(column(taken[a], 'wall')) - median(column(taken[b], 'wall')))[0];
}

function compare(what, taken) {
  const name = better(taken);
  return ['wall', 'cpu'].map((key) => {
    const { medians, pairwise, low, high } = ratios(column(taken[name], key), column(taken.maskaudit, key));
    return [what, key, name, times(medians), times(pairwise), `${times(low)} to ${times(high)}`];
  });
}

/** Seconds that each further sample costs, round by round. */
function perFurtherSample(small, large) {
  const made = {};
  for (const name of Object.keys(small)) {
    made[name] = small[name].map((f, i) => ({
      wall: (large[name][i].wall - f.wall) / (many - few),
      cpu: (large[name][i].cpu - f.cpu) / (many - few),
    }));
  }
  return made;
}

/** The files' own share: opened, read and closed by two threads that do nothing with them. */
function reportReading(taken) {
  const loop = fileURLToPath(new URL('read-loop.mjs', import.meta.url));
  const runs = [...Array(rounds)].map(() => measure(process.execPath, [loop, phantom(many).data, JOBS]));
  const of = (key) => median(column(runs, key)) / median(column(taken[better(taken)], key));
  console.log(
    `\nListing, opening, reading and closing the same masks, and nothing else: ${digits(median(column(runs, 'wall')))} s, ` +
      `CPU ${digits(median(column(runs, 'cpu')))} s; of the better peer's ${digits(of('wall'))} and ${digits(of('cpu'))}.`,
  );
}

function benchTask(task) {
  const small = race(task, few);
  report(task, few, small);
  const large = race(task, many);
  report(task, many, large);
  const rows = [
    ...compare(`${few} samples`, small),
    ...compare(`${many} samples`, large),
    ...compare('each further sample', perFurtherSample(small, large)),
  ];
  console.log(table(['peer / maskaudit', 'time', 'better peer', 'of medians', 'median of pairs', 'range'], rows));
  if (task === 'stats') reportReading(large);
  const thousand = contestants(task, phantom(1000))[0];
  const peaks = [...Array(Math.min(rounds, 3))].map(() => thousand.run().peakMb);
  const [at1000, atMany] = [median(peaks), median(column(large.maskaudit, 'peakMb'))];
  console.log(
    `\nPeak memory of \`${task}\`: ${Math.round(at1000)} MB at 1,000, ${Math.round(atMany)} MB at ${many.toLocaleString('en')}.`,
  );
}

console.log(
  `Node ${process.versions.node}, ${cpus()[0].model}, ${cpus().length} CPUs, ${Math.round(totalmem() / 2 ** 30)} GB; 2 jobs each.`,
);
console.error(`bench: data and Python in ${lab}`);
for (const task of ['stats', 'audit']) if (!options.only || options.only === task) benchTask(task);
if (!options.only || options.only === 'audit') {
  const { result, signOfLife } = await firstResult(phantom(many), rounds);
  console.log(
    `\nTime to the first result of \`audit\` at ${many.toLocaleString('en')} samples: median ${digits(median(result))} s ` +
      `(${digits(Math.min(...result))} to ${digits(Math.max(...result))}), first sign of life ${digits(median(signOfLife))} s.`,
  );
}
if (!options.only || options.only === 'screen') benchScreen(phantom(options.quick ? 1000 : 10_000), rounds);
if (!options.only || options.only === 'onnx') {
  benchOnnx({
    model: options.model ?? model(),
    set: phantom(1000),
    rounds,
    jobs: JOBS,
    // Enough before the first count that what V8 compiles is compiled.
    images: options.quick ? [20, 60] : [100, 500],
  });
}
if (!options.only || options.only === 'hybrid') {
  benchHybrid({
    gate: options.gate ?? gate(),
    segmenter: options.model ?? model(),
    set: phantom(1000),
    rounds,
    jobs: JOBS,
    images: options.quick ? [40, 120] : [40, 240],
  });
}
if (!options.only || options.only === 'tensorflow') {
  await benchTensorflow({ set: phantom(1000), rounds, jobs: JOBS, images: options.quick ? [8, 24] : [40, 160] });
}
if (!options.only || options.only === 'train') {
  const side = options.quick ? 128 : 256;
  const network = {
    architecture: 'unet-resnet50',
    height: side,
    width: side,
    channels: 3,
    classes: 4,
    decoder: 'upsample',
  };
  await benchTrain({ network, batch: 4, steps: options.quick ? 4 : 12, rounds });
}
