// Seconds for a step of training, and memory, beside Keras in graph mode: the same network, first weights, batches and optimizer.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../scripts/bundle.mjs';
import { digits, median, ratios, table, times } from './figures.mjs';
import { fail, keras, lab, measure, must, peer } from './lab.mjs';

const BATCHES = 2;
/** At first Keras traces its graph, and both take their memory. */
const WARM_UP = 2;
/** Losses of the first steps agree to this, as far as sums in another order allow; later ones drift apart. */
const AGREE = { steps: 3, within: 2e-3 };
const THREADS = '2';

export async function benchTrain({ network, batch, steps, rounds }) {
  const folder = path.join(lab, 'train');
  const { python, site } = keras();
  const loop = await bundle(path.join(path.dirname(fileURLToPath(import.meta.url)), 'train-loop.mjs'));
  const file = makeCase(folder, { network, batch, steps: WARM_UP + steps });
  must(process.execPath, [loop, file, '--make'], 'making the network');

  const environment = { TF_NUM_INTRAOP_THREADS: THREADS, TF_CPP_MIN_LOG_LEVEL: '3' };
  const programs = {
    maskaudit: () => measure(process.execPath, [loop, file], [0], environment),
    keras: () => measure(python, [peer('keras_train'), file], [0], { ...environment, PYTHONPATH: site }),
  };
  const taken = { maskaudit: [], keras: [] };
  for (let round = 1; round <= rounds; round++) {
    for (const [name, run] of Object.entries(programs)) {
      const { stdout, peakMb } = run();
      const { losses, seconds } = JSON.parse(stdout.trim().split('\n').at(-1));
      taken[name].push({ losses, step: median(seconds.slice(WARM_UP)), peakMb });
      console.error(`bench: train round ${round} ${name}: ${digits(taken[name].at(-1).step, 3)} s a step`);
    }
    if (round === 1) checkLosses(taken.maskaudit[0].losses, taken.keras[0].losses);
  }
  report({ network, batch, steps, rounds }, taken);
}

function checkLosses(ours, theirs) {
  const first = (losses) => losses.slice(0, AGREE.steps);
  const apart = Math.max(...first(ours).map((loss, i) => Math.abs(loss - theirs[i]) / theirs[i]));
  if (!(apart < AGREE.within)) fail(`train: not the same training: losses ${first(ours)} and ${first(theirs)}`);
}

function report({ network, batch, steps, rounds }, taken) {
  const column = (name, key) => taken[name].map((one) => one[key]);
  const { architecture, height, width } = network;
  console.log(`\n### train, ${architecture}, ${height}x${width}, batch ${batch}, ${steps} steps, ${rounds} rounds\n`);
  const rows = Object.keys(taken).map((name) => [
    name,
    digits(median(column(name, 'step')), 3),
    digits((1000 * median(column(name, 'step'))) / batch, 0),
    Math.round(median(column(name, 'peakMb'))),
  ]);
  console.log(`${table(['', 's/step', 'ms/image', 'peak MB'], rows)}\n`);
  const compared = [
    ['s/step', 'step'],
    ['peak MB', 'peakMb'],
  ].map(([what, key]) => {
    const { medians, pairwise, low, high } = ratios(column('maskaudit', key), column('keras', key));
    return [what, times(medians), times(pairwise), `${times(low)} to ${times(high)}`];
  });
  console.log(table(['maskaudit / Keras', 'of medians', 'median of pairs', 'range'], compared));
}

/** Noise and stripes: what a batch shows changes nothing in what it costs. */
function makeCase(folder, { network, batch, steps }) {
  rmSync(path.join(folder, 'case'), { recursive: true, force: true });
  mkdirSync(path.join(folder, 'case'), { recursive: true });
  const file = (name) => path.join(folder, 'case', name);
  const pixels = BATCHES * batch * network.height * network.width;
  const images = Float32Array.from({ length: pixels * network.channels }, (_, i) => ((i * 2654435761) % 997) / 997);
  const labels = Uint8Array.from({ length: pixels }, (_, i) => Math.floor(i / 7) % network.classes);
  writeFileSync(file('images.bin'), images);
  writeFileSync(file('labels.bin'), labels);
  const paths = { images: file('images.bin'), labels: file('labels.bin'), model: file('model') };
  writeFileSync(file('case.json'), JSON.stringify({ network, batch, steps, learningRate: 1e-3, ...paths }));
  return file('case.json');
}
