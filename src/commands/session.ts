import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunContext } from '../pipeline/events.js';
import type { AuditRequest, RunResult } from '../pipeline/requests.js';
import { resumeCommand } from '../ui/command-line.js';
import type { Format } from '../ui/reporter.js';
import { EXIT, type Io } from './command.js';
import { openReporter, type Shown } from './open-reporter.js';
import { resultFacts } from './result-facts.js';
import { reserveRunFolder } from './run-folder.js';

/** What is run, as the closing words and an interruption need to know it. */
export interface Task {
  /** Null where an interrupted call can only be made again. */
  resumes: AuditRequest['command'] | null;
  /** Whether there is anything to score; an audit of annotations alone leaves nothing unscored. */
  scores: boolean;
  csv: string | null;
  /** What a screen shows of it; null where there is none for it. */
  shown: Shown | null;
  work(context: RunContext): Promise<RunResult>;
}

/** The options that a command with a run shares. */
export interface SessionCall {
  options: { failOn: string[]; format: Format; ui: boolean | null; quiet: boolean };
  argv: string[];
  io: Io;
}

/** Gives a run the folder that was named, or one of its own that is gone again where the run wrote nothing. */
export async function inRunFolder(
  { options, io }: { options: { out: string | null }; io: Io },
  command: string,
  use: (out: string) => Promise<number>,
): Promise<number> {
  if (options.out !== null) return use(options.out);
  const { path: own, release } = reserveRunFolder(command, io.cwd);
  try {
    return await use(own);
  } finally {
    release();
  }
}

/**
 * Joins a run to the reporter that fits the streams, and to Ctrl-C. @returns the exit code.
 * @throws what the run throws, after the reporter has put the terminal in order.
 */
export async function runAndReport(
  { options, argv, io }: SessionCall,
  { resumes, scores, csv, shown, work }: Task,
): Promise<number> {
  const { failsOn } = await import('../pipeline/checks/select.js');
  const named = failsOn(options.failOn);
  const stop = new AbortController();
  const { format, quiet } = options;
  const reporter = await openReporter(options, { io, stop, scores, shown });
  try {
    const result = await work({ signal: stop.signal, emit: reporter.event, watch: reporter.watch });
    const summaryJson = format === 'json' ? await readFile(path.join(result.folder, 'summary.json'), 'utf8') : '';
    reporter.result(result, { ...(await resultFacts(result, { csv, argv }, io.cwd)), summaryJson });
    await reporter.close();
    const found = result.counts.some((count) => count.findings > 0 && named(count));
    if (!result.interrupted) return found ? EXIT.found : EXIT.done;
    if (format !== 'text' || quiet)
      io.stderr.write(`maskaudit: ${goOn(resumes, argv, path.relative(io.cwd, result.folder))}\n`);
    return EXIT.interrupted;
  } catch (error) {
    await reporter.close().catch(() => undefined);
    if (!stop.signal.aborted || (error as Error).name !== 'AbortError') throw error;
    io.stderr.write('maskaudit: interrupted before the first image; nothing was written\n');
    return EXIT.interrupted;
  } finally {
    reporter.unlisten();
  }
}

/** What to do about an interrupted run. */
function goOn(command: Task['resumes'], argv: string[], folder: string): string {
  if (command === null) return 'interrupted; the same call does it again';
  return `interrupted; go on with: ${resumeCommand(command, argv, folder || '.')}`;
}
