import { EventEmitter } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/commands/cli.js';
import { type Ended, maskaudit } from '../commands/program.js';
import { closeAll, type Json, quote, same } from '../oracle/agree.js';
import { parseCsv, plainCell, type Row } from '../oracle/csv.js';
import { FakeStream } from '../ui/fake-stream.js';

export const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));

/** A row that findings.csv has to hold; what is left out has to be empty. */
export interface Golden {
  rule: string;
  severity: string;
  image?: string;
  split?: string;
  source?: string;
  class?: string;
  value?: number;
  path?: string;
  related_path?: string;
  /** Pieces of its message. */
  says?: string[];
}

export interface Case {
  /** `L001/fires-0-1` */
  name: string;
  folder: string;
  why: string;
  command: string;
  args: string[];
  expected: {
    exit: number;
    findings: Golden[];
    /** What summary.json has to hold, among other things. */
    summary: Json;
    /** Pieces that stand before the table of the closing text, its lines joined. */
    says?: string[];
  };
}

const json = (...parts: string[]) => JSON.parse(readFileSync(path.join(...parts), 'utf8'));

/** Every folder below fixtures/<theme>/ that holds a case.json. */
export function casesOf(theme: string): Case[] {
  const root = path.join(FIXTURES, theme);
  return (readdirSync(root, { recursive: true }) as string[])
    .filter((file) => path.basename(file) === 'case.json')
    .map((file) => path.dirname(file))
    .sort()
    .map((name) => {
      const folder = path.join(root, name);
      return { name, folder, ...json(folder, 'case.json'), expected: json(folder, 'expected.json') };
    });
}

/** Runs a command line in a folder. */
type Runner = (argv: string[], cwd: string) => Ended | Promise<Ended>;

/** The built program, in a process of its own. */
export const asProgram: Runner = maskaudit;

/** The same from argv to exit code in this process, threads included: a third of the time, since libraries load once. */
export const inProcess: Runner = async (argv, cwd) => {
  const [stdout, stderr] = [new FakeStream(), new FakeStream()];
  const leave = (code: number): never => {
    throw new Error(`left with ${code}`);
  };
  const streams = { stdout: stdout.asOutput(), stderr: stderr.asOutput() };
  const rest = {
    stdin: process.stdin,
    signals: new EventEmitter(),
    leave,
    stop: () => {},
    beforeLeaving: () => () => {},
  };
  const code = await run(argv, { ...streams, ...rest, env: { NO_COLOR: '1' }, cwd });
  return { code, stdout: stdout.text, stderr: stderr.text };
};

/** Runs a case in its folder, into `out`, and says in plain words what is not as expected. */
export async function disagreements(of: Case, out: string, runner: Runner): Promise<string[]> {
  const { folder, command, args, expected } = of;
  const wrong: string[] = [];
  const done = await runner([command, 'data', ...args, '--jobs', '1', '--out', out], folder);
  same(done.code, expected.exit, 'exit code', wrong);
  const summary = path.join(out, 'summary.json');
  if (!existsSync(summary)) return [...wrong, `no summary: ${done.stderr}`];
  compareSummary(json(summary), expected.summary, wrong);
  const rowsOf = (file: string) => parseCsv(readFileSync(path.join(out, file), 'utf8')).rows.map(plainRow);
  const rows = rowsOf('findings.csv');
  compareFindings(rows, expected.findings, wrong);
  for (const image of rowsOf('images.csv')) {
    same(
      Number(image.findings),
      rows.filter((row) => row.image === image.image).length,
      `findings of ${image.image}`,
      wrong,
    );
  }
  const head = done.stdout.replaceAll('\n', ' ').split(' images scored;')[0];
  for (const piece of expected.says ?? []) {
    if (!head.includes(piece)) wrong.push(`stdout doesn't begin with ${quote(piece)}: ${done.stdout}`);
  }
  return wrong;
}

const plainRow = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([key, text]) => [key, plainCell(text)]));

/** Classes by their keys, the rules that found something exactly, everything else where it is stated. */
function compareSummary(got: Json, { classes, findings, ...rest }: Json, wrong: string[]): void {
  closeAll(got, rest, 'summary', wrong);
  same(got.findings, findings, 'summary.findings', wrong);
  same(
    got.classes.map((c: Json) => c.key),
    classes.map((c: Json) => c.key),
    'classes',
    wrong,
  );
  for (const [i, due] of classes.entries()) closeAll(got.classes[i], due, due.key, wrong);
}

const FIELDS = ['rule', 'severity', 'image', 'split', 'source', 'class', 'path', 'related_path'] as const;

/** As a set: each row that is due once and no other. */
function compareFindings(rows: readonly Row[], due: readonly Golden[], wrong: string[]): void {
  const left = [...rows];
  for (const golden of due) {
    const fits = (row: Row) =>
      FIELDS.every((field) => row[field] === (golden[field] ?? '')) && isClose(row.value, golden.value);
    const at = left.findIndex(fits);
    if (at < 0) {
      wrong.push(`not found: ${quote(JSON.stringify(golden))}`);
      continue;
    }
    const [{ message }] = left.splice(at, 1);
    for (const piece of golden.says ?? []) {
      if (!message.includes(piece)) wrong.push(`${golden.rule} doesn't say ${quote(piece)}: ${quote(message)}`);
    }
  }
  for (const row of left) wrong.push(`too much: ${JSON.stringify(row)}`);
}

function isClose(text: string, due: number | undefined): boolean {
  if (due === undefined || text === '') return due === undefined && text === '';
  return Math.abs(Number(text) - due) <= 1e-9 * Math.max(1, Math.abs(due));
}
