// What a gate saves: time for each further image of an audit by a hybrid, by the same with --segment-all, and by its segmenter and its
// gate alone, in turn.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { digits, median, times } from './figures.mjs';
import { audit, compare } from './inference.mjs';
import { fail, freshRun, lab, measure, must, program } from './lab.mjs';

/** Positive images: 2,913 of the 5,826 of COVID-QU-Ex that have infection masks, and a set with fewer of them. */
const SHARES = [0.5, 0.1];
const PAIRS = [
  ['segment-all', 'hybrid'],
  ['segmenter', 'hybrid'],
];

/** `gate` and `segmenter`: ONNX files; `images`: two numbers of images, the difference leaves start and loading out. */
export function benchHybrid({ gate, segmenter, set, rounds, jobs, images }) {
  const flags = ['--engine', 'onnx', '--jobs', jobs];
  const probabilities = gateProbabilities(set, gate, images[1], flags);
  for (const share of SHARES) {
    const { threshold, passing } = thresholdFor(probabilities, share, images);
    const hybrid = path.join(lab, 'model', 'bench-hybrid.json');
    const parts = ['--gate', path.resolve(gate), '--segmenter', `covid=${path.resolve(segmenter)}`];
    const call = ['model', 'hybrid', ...parts, '--threshold', `${threshold}`, '--out', hybrid, '--force', '--quiet'];
    must(process.execPath, [program, ...call], 'model hybrid');
    const programs = {
      hybrid: (n) => audit(set, hybrid, n, flags),
      'segment-all': (n) => audit(set, hybrid, n, [...flags, '--segment-all']),
      segmenter: (n) => audit(set, segmenter, n, flags),
      gate: (n) => audit(set, gate, n, [...flags, '--level', 'image']),
    };
    const title = `hybrid, ${Math.round(100 * passing)} % of the images go on`;
    promise(compare(title, rounds, images, programs, PAIRS), passing);
  }
}

/** What the share promises: the segmenter's time over that of the gate and of the segmenter on its share of the images. */
function promise({ gate, segmenter }, share) {
  const [least, all] = [gate, segmenter].map(({ cpu }) => median(cpu));
  const cost = least / all;
  console.log(
    `\nThe gate's audit takes ${digits(cost)} of the CPU time of the segmenter's: 1 / (${digits(share)} + ${digits(cost)}) = ` +
      `${times(1 / (share + cost))} is promised.`,
  );
}

/** What the gate says of the first images, in their order. */
function gateProbabilities(set, gate, images, flags) {
  const out = freshRun('gate');
  const rest = ['--level', 'image', '--limit', `${images}`, '--no-ui', '--quiet', '--out', out];
  measure(process.execPath, [program, 'audit', set.data, '--model', gate, ...flags, ...rest], [0, 1]);
  const [header, ...rows] = readFileSync(path.join(out, 'covid.csv'), 'utf8').trimEnd().split(/\r?\n/);
  const column = header.split(',').indexOf('max_probability');
  return rows.map((row) => Number(row.split(',')[column]));
}

/** Lets through the wanted share of the images that are timed, whichever they are: the gate has random weights. */
function thresholdFor(probabilities, share, [few, many]) {
  const timed = probabilities.slice(few, many).sort((a, b) => b - a);
  const last = Math.round(share * timed.length) - 1;
  const threshold = (timed[last] + timed[last + 1]) / 2;
  const passing = timed.filter((p) => p >= threshold).length / timed.length;
  if (Math.abs(passing - share) > 0.02) fail(`hybrid: the gate lets through ${passing} of the images and not ${share}`);
  return { threshold, passing };
}
