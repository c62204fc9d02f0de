// How long a user waits: until the first image's result is on stdout, and until anything at all is seen.
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { freshRun, program } from './lab.mjs';

/** Seconds from the start of the process, a list over the rounds of each. */
export async function firstResult(set, rounds) {
  const taken = { result: [], signOfLife: [] };
  for (let round = 0; round < rounds; round++) {
    const { result, signOfLife } = await once(set);
    taken.result.push(result);
    taken.signOfLife.push(signOfLife);
  }
  return taken;
}

function once(set) {
  const args = [
    program,
    'audit',
    set.data,
    '--predictions',
    set.predictions,
    '--format',
    'ndjson',
    '--no-ui',
    '--jobs',
    '2',
  ];
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1000;
    const child = spawn(process.execPath, [...args, '--out', freshRun('first')], { stdio: ['ignore', 'pipe', 'pipe'] });
    let signOfLife = null;
    let result = null;
    let text = '';
    const alive = () => {
      signOfLife ??= seconds();
    };
    child.stderr.on('data', alive);
    child.stdout.on('data', (bytes) => {
      alive();
      text += bytes;
      const lines = text.split('\n');
      text = lines.pop();
      if (result === null && lines.some((line) => line !== '' && tellsOfImage(JSON.parse(line)))) {
        result = seconds();
        child.kill('SIGKILL');
      }
    });
    child.on('error', reject);
    child.on('close', () => (result === null ? reject(new Error('no result came')) : resolve({ result, signOfLife })));
  });
}

/** An event that counts at least one image as done. */
function tellsOfImage(event) {
  return event.type === 'progress' && event.progress.done > 0;
}
