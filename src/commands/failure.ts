import { UsageError, WorkError } from '../pipeline/errors.js';
import { visible } from '../pipeline/words/visible-text.js';
import { EXIT } from './command.js';

/** What Node's codes mean to somebody who wanted files written. */
const SYSTEM: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'no permission',
  EPERM: 'not permitted',
  EMFILE: 'too many open files; try fewer --jobs',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
};

export interface Failure {
  code: number;
  /** For stderr, without the program's name and without a line break at the end. */
  text: string;
}

/** What to say of an error that ended a command, and with which exit code. The stack only where it was asked for. */
export function failureOf(error: unknown, debug: boolean): Failure {
  const code = error instanceof UsageError ? EXIT.usage : EXIT.failed;
  const message = messageOf(error);
  if (debug) return { code, text: `${message}\n${stackOf(error)}` };
  if (isForeseen(error)) return { code, text: message };
  return { code, text: `${message}\nThis should not happen; the same call with --debug shows where it did.` };
}

function isForeseen(error: unknown): boolean {
  return error instanceof UsageError || error instanceof WorkError || systemClause(error) !== undefined;
}

function messageOf(error: unknown): string {
  const clause = systemClause(error);
  const { message = '', path } = (error ?? {}) as NodeJS.ErrnoException;
  if (clause !== undefined && path !== undefined) return `${visible(path)}: ${clause} (${visible(message)})`;
  if (clause !== undefined) return `${clause} (${visible(message)})`;
  const said = error instanceof Error ? error.message || error.name : String(error);
  // A usage error may list several faults, a line each; what moves the cursor stays out.
  return said.split('\n').map(visible).join('\n');
}

function systemClause(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' ? SYSTEM[code] : undefined;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause) || String(error.cause)}`;
  return `${error.stack}${cause}`;
}
