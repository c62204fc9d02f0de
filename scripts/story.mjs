// Trains the story's runs and the ways that led on, audits them, and writes STORY.md with its plots: `npm run story`. Half an hour on
// two busy cores.
// `-- --images N --size N --epochs N --batch N --seed N` for another length, `--out DIR` for another place, `--keep DIR` to keep the runs.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.mjs';
import { makeData } from './story/data.mjs';
import { storyPage } from './story/page.mjs';
import { RUNS } from './story/runs.mjs';
import { goOn } from './story/ways.mjs';
import { workOn } from './story/work.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const PROGRAM = path.join(root, 'dist', 'maskaudit.js');
const DEFAULTS = { images: '1600', size: '64', epochs: '12', batch: '8', seed: '1' };

/** Runs a command and gives its stdout; findings are what an audit is for, so that exit code 1 is no failure. */
function maskaudit(args) {
  console.log(`$ maskaudit ${args.join(' ')}`);
  const { status, signal, stdout, error } = spawnSync(process.execPath, [PROGRAM, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status === 0 || status === 1) return stdout;
  throw new Error(`maskaudit ${args[0]} ended with ${status ?? signal}${error ? `: ${error.message}` : ''}`);
}

const settingsOf = (values) =>
  Object.fromEntries(
    Object.keys(DEFAULTS).map((key) => {
      const number = Number(values[key]);
      if (!Number.isInteger(number) || number < 1) throw new Error(`--${key} ${values[key]}: a whole number from 1`);
      return [key, number];
    }),
  );

async function main() {
  const started = Date.now();
  const options = Object.fromEntries(
    Object.entries(DEFAULTS).map(([key, value]) => [key, { type: 'string', default: value }]),
  );
  const { values } = parseArgs({
    options: { ...options, out: { type: 'string', default: root }, keep: { type: 'string' } },
  });
  const settings = settingsOf(values);
  const folder = values.keep ? path.resolve(values.keep) : mkdtempSync(path.join(tmpdir(), 'maskaudit-story-'));
  try {
    maskaudit(['engine', 'install']);
    const data = await makeData(folder, settings, maskaudit);
    const runs = RUNS.map((run) => workOn(run, { folder, data, ...settings }, maskaudit));
    const ways = goOn(path.join(folder, 'plain-train'), { folder, data, ...settings }, maskaudit);
    const { drawPlots } = await import(
      pathToFileURL(await bundle(path.join(root, 'scripts', 'story', 'plots.mjs'))).href
    );
    const plots = await drawPlots(runs);
    const out = path.resolve(values.out);
    mkdirSync(path.join(out, 'docs', 'story'), { recursive: true });
    for (const { name, svg } of plots) writeFileSync(path.join(out, 'docs', 'story', name), svg);
    const seconds = (Date.now() - started) / 1000;
    writeFileSync(path.join(out, 'STORY.md'), storyPage(runs, ways, { ...settings, seconds }, plots));
    console.log(`${path.join(out, 'STORY.md')}, in ${Math.round(seconds)} s`);
  } finally {
    if (!values.keep) rmSync(folder, { recursive: true, force: true });
  }
}

await main().catch((error) => {
  console.error(`story: ${error.message}`);
  process.exitCode = 1;
});
