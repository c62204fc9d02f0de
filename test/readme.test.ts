import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { resultFacts } from '../src/commands/result-facts.js';
import { RULE_PAGES } from '../src/pipeline/checks/registry.js';
import { runShow } from '../src/pipeline/run-show.js';
import { openScreen } from '../src/ui/screen/screen.js';
import { closingVerdict } from '../src/ui/summary-text.js';
import { makeFolder, maskaudit, removeFolder } from './commands/program.js';
import { FakeKeys, FakeTerminal } from './ui/screen/fake-terminal.js';

const README = path.join(import.meta.dirname, '..', 'README.md');
/** What stands between the line before the screen and the end of its block. */
const BLOCK = /(show a screen while they work[^\n]*\n\n```\n)([\s\S]*?)(\n```\n)/;

let folder: string;
beforeAll(() => {
  folder = makeFolder();
  const errors = ['--miss-rate', '0.15', '--false-alarm-rate', '0.05', '--swap-rate', '0.05'];
  maskaudit(['phantom', 'covid-qu-ex', '--images', '400', '--seed', '3', '--predictions', 'unet', ...errors], folder);
  maskaudit(['audit', 'covid-qu-ex', '--predictions', 'unet', '--out', 'run'], folder);
});
afterAll(() => removeFolder(folder));

/** The screen of the finished run, as a terminal of 80 x 33 without colours shows it. */
async function screenText(): Promise<string> {
  const terminal = new FakeTerminal(80, 33);
  const signal = new AbortController().signal;
  const screen = openScreen({
    stdin: new FakeKeys().asStream(),
    stdout: terminal.asStream(),
    env: { LANG: 'C.UTF-8', NO_COLOR: '1' },
    subject: {
      command: 'audit',
      dataset: 'covid-qu-ex',
      work: 'masks of unet',
      scores: true,
      titles: Object.fromEntries([...RULE_PAGES].map(([code, { title }]) => [code, title])),
    },
    now: () => performance.now(),
    interrupt() {},
    suspend() {},
    signal,
    closed() {},
    images: () => Promise.reject(new Error('no image is opened')),
  });
  try {
    const result = await runShow(path.join(folder, 'run'), { signal, emit: screen.event, watch: screen.watch });
    screen.verdict(closingVerdict(result, await resultFacts(result, { csv: null, argv: [] }, folder)).text);
    await vi.waitFor(() => expect(terminal.text).toMatch(/done\n[\s\S]*pooled;/), 20_000);
    return terminal.text;
  } finally {
    screen.close();
  }
}

/** `README=write npx vitest run test/readme.test.ts` puts into README.md what the screen shows now. */
it('README shows the screen as it is', async () => {
  const readme = readFileSync(README, 'utf8');
  const shown = await screenText();
  if (process.env.README === 'write')
    writeFileSync(README, readme.replace(BLOCK, `$1${shown.replaceAll('$', '$$$$')}$3`));
  else expect(readme.match(BLOCK)?.[2]).toBe(shown);
});
