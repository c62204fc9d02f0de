// What the screen costs: the same audit in a pseudo-terminal with it and without, in turn.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { digits, median, table } from './figures.mjs';
import { fail, freshRun, program } from './lab.mjs';

const wrapper = path.join(path.dirname(fileURLToPath(import.meta.url)), 'in-terminal.py');

function once(set, flag) {
  const args = ['audit', set.data, '--predictions', set.predictions, '--jobs', '2', '--out', freshRun('screen'), flag];
  const { stdout, stderr } = spawnSync('python3', [wrapper, process.execPath, program, ...args], { encoding: 'utf8' });
  if (stdout === '') fail(`the pseudo-terminal failed: ${stderr.trim()}`);
  return JSON.parse(stdout);
}

export function benchScreen(set, rounds) {
  const taken = { '--ui': [], '--no-ui': [] };
  for (let round = 0; round < rounds; round++) {
    for (const flag of Object.keys(taken)) taken[flag].push(once(set, flag));
  }
  const rows = Object.entries(taken).map(([flag, runs]) => [
    flag,
    ...['first', 'wall', 'cpu'].map((key) => digits(median(runs.map((run) => run[key])))),
  ]);
  const cost = (key) => {
    const shares = taken['--ui'].map((run, i) => run[key] / taken['--no-ui'][i][key] - 1);
    return `${digits(100 * median(shares))} %`;
  };
  console.log(`\n### The screen, ${set.images.toLocaleString('en')} samples, ${rounds} rounds\n`);
  console.log(table(['audit', 'first sign s', 'wall s', 'CPU s'], rows));
  console.log(`\nIt costs ${cost('wall')} of the wall time and ${cost('cpu')} of the CPU time (medians of pairs).`);
}
