// A real audit, small enough to watch: `npm run demo`, or `npm run demo -- --keep` to keep the data set that it makes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const PROGRAM = path.join('dist', 'maskaudit.js');
const MODEL = path.join('fixtures', 'model', 'unet-small.onnx');
const HEAD = 6;

const keep = process.argv.includes('--keep');
const folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-demo-'));
const dataset = path.join(folder, 'covid-qu-ex');
const started = Date.now();

/** Shows a command, runs it, and gives its stdout where `capture` says so; ends the demo at a code that was not expected. */
function maskaudit(args, { codes = [0], capture = false } = {}) {
  console.log(`\n$ node ${PROGRAM} ${args.join(' ')}`);
  const result = spawnSync(process.execPath, [PROGRAM, ...args], {
    cwd: root,
    stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (codes.includes(result.status)) return result.stdout;
  throw new Error(`exit code ${result.status ?? result.signal}${result.error ? `: ${result.error.message}` : ''}`);
}

const say = (text) => console.log(`\n# ${text}`);

// Ctrl-C reaches the command that runs; what is left to do here is to tidy up behind it.
process.on('SIGINT', () => {});

try {
  say('A synthetic chest X-ray data set in COVID-QU-Ex layout, with faults planted in it.');
  maskaudit(['phantom', dataset, '--images', '400', '--seed', '7', '--faults', 'D001,D003,D007,L001,L003']);

  say('The annotations alone: how the classes are balanced.');
  maskaudit(['stats', dataset, '--out', path.join(folder, 'stats')]);

  say(
    'The audit with a small model. Exit code 1 says that it found errors: the planted ones, and what the model misses.',
  );
  const run = path.join('runs', `demo-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`);
  maskaudit(['audit', dataset, '--model', MODEL, '--out', run], { codes: [0, 1] });

  say('The failures for COVID-19, an image a row.');
  const rows = maskaudit(['export', run, '--class', 'covid'], { capture: true }).trimEnd().split('\n');
  console.log(rows.slice(0, HEAD).join('\n'));
  if (rows.length > HEAD) console.log(`... ${rows.length - HEAD} more`);

  const files = readdirSync(path.join(root, run)).filter((name) => /\.(csv|json|html)$/.test(name));
  say(`All of it lies in ${run}: ${files.join(', ')}`);
  say(keep ? `The data set stays in ${dataset}` : 'The data set is removed again; npm run demo -- --keep keeps it.');
  console.log(`\ndone in ${Math.round((Date.now() - started) / 1000)} s`);
} catch (error) {
  console.error(`\ndemo: ${error.message}`);
  process.exitCode = 1;
} finally {
  if (!keep) rmSync(folder, { recursive: true, force: true });
}
