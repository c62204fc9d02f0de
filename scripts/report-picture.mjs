#!/usr/bin/env node
// Makes docs/report.png, the README's picture of a report: `node scripts/report-picture.mjs` after a build. A phantom is audited, the
// parts of its report.html that fit on one look are kept, and a Chromium that is on this machine photographs them. It is taken
// from CHROMIUM or found by name; no package brings one.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
/** In CSS pixels; what is left of the height is cut off. */
const [WIDTH, HEIGHT] = [1200, 2600];
const MOST_BYTES = 300_000;

/** The head, the verdict, the first table of scores, the plots of outcomes and two of the worst cases. */
const KEPT = `
nav,footer,#scores>*:not(h2):not(.scroll),#scores .scroll~.scroll,#outcomes>.scroll,#cases>p,
#balance,#groups,#weights,#findings,#origin,#cases h3~h3,.case:not(:nth-of-type(1),:nth-of-type(3)){display:none!important}
h2{margin-top:1.2rem}.case{margin-bottom:.5rem}body{padding-bottom:1.5rem}`;

function findChromium() {
  const candidates = process.env.CHROMIUM ? [process.env.CHROMIUM] : NAMES;
  const found = candidates.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0);
  if (found) return found;
  throw new Error(
    `no Chromium found (looked for ${candidates.join(', ')}): install one, or name it: CHROMIUM=/path/to/chrome node scripts/report-picture.mjs`,
  );
}

function run(program, args, codes = [0]) {
  const { status, stderr, error } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
  if (!codes.includes(status)) throw new Error(`${program} ${args[0]}: ${error?.message ?? stderr}`);
}

async function main() {
  const chromium = findChromium();
  const folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-picture-'));
  try {
    const [dataset, predictions, out] = ['chest-x-rays', 'unet-small', 'run'].map((name) => path.join(folder, name));
    const program = path.join(root, 'dist', 'maskaudit.js');
    const errors = [
      '--miss-rate',
      '0.25',
      '--false-alarm-rate',
      '0.1',
      '--swap-rate',
      '0.05',
      '--disjoint-rate',
      '0.05',
    ];
    const phantom = ['phantom', dataset, '--images', '600', '--seed', '11', '--predictions', predictions, ...errors];
    run(process.execPath, [program, ...phantom, '--quiet']);
    const audit = ['audit', dataset, '--predictions', predictions, '--class', 'covid,non-covid', '--out', out];
    run(process.execPath, [program, ...audit, '--fail-on', 'none', '--quiet']);

    const page = path.join(folder, 'page.html');
    const report = readFileSync(path.join(out, 'report.html'), 'utf8');
    writeFileSync(page, report.replace('</style>', `${KEPT}</style>`));
    const shot = path.join(folder, 'shot.png');
    const camera = [
      '--headless',
      '--hide-scrollbars',
      '--no-sandbox',
      '--disable-gpu',
      '--force-device-scale-factor=1',
    ];
    run(chromium, [...camera, `--window-size=${WIDTH},${HEIGHT}`, `--screenshot=${shot}`, `file://${page}`]);

    const cut = await sharp(shot).trim({ background: '#ffffff', threshold: 1, margin: 16 }).toBuffer();
    const picture = await sharp(cut).png({ palette: true, colours: 128, effort: 10, compressionLevel: 9 }).toBuffer();
    if (picture.length > MOST_BYTES)
      throw new Error(`the picture has ${picture.length} bytes, more than ${MOST_BYTES}`);
    const file = path.join(root, 'docs', 'report.png');
    writeFileSync(file, picture);
    console.log(`${path.relative(root, file)}: ${picture.length} bytes`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main().catch((error) => {
  console.error(`report-picture: ${error.message}`);
  process.exitCode = 1;
});
