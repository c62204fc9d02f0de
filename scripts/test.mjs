// Type check, lint and tests; what is given on the command line goes to vitest (`npm test -- test/commands`).
// The last line is `tests: N passed, N failed`; the type check and the lint count as one test each.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);

/** Runs a package's program with its output on ours; true where it ended well. */
function runs(packageName, program, args) {
  const script = path.join(path.dirname(require.resolve(`${packageName}/package.json`)), program);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
    child.on('error', () => resolve(false));
    child.on('close', (status) => resolve(status === 0));
  });
}

/** vitest's own counts. A file that could not be loaded, or an error outside of any test, is a failure too. */
async function vitest(args) {
  const folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-test-'));
  try {
    const file = path.join(folder, 'results.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const ok = await runs('vitest', 'vitest.mjs', ['run', ...reporters, ...args]);
    const results = JSON.parse(readFileSync(file, 'utf8'));
    const unloaded = results.testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
    );
    const failed = results.numFailedTests + unloaded.length;
    const skipped = results.numPendingTests + results.numTodoTests;
    return { passed: results.numPassedTests, failed: ok ? failed : Math.max(1, failed), skipped };
  } catch (error) {
    console.error(`vitest gave no results: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [types, lint] = await Promise.all([
  runs('typescript', 'bin/tsc', []),
  runs('@biomejs/biome', 'bin/biome', ['check', '.']),
]);
const { passed, failed, skipped } = await vitest(process.argv.slice(2));

const said = (ok) => (ok ? 'passed' : 'FAILED');
console.log(`type check: ${said(types)}`);
console.log(`lint: ${said(lint)}`);
console.log(`vitest: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
const checks = [types, lint];
const allFailed = failed + checks.filter((ok) => !ok).length;
process.exitCode = allFailed === 0 ? 0 : 1;
console.log(`tests: ${passed + checks.filter(Boolean).length} passed, ${allFailed} failed`);
