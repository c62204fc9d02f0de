import { replaceUnsafe, visible } from '../pipeline/words/visible-text.js';

const BARE = /^[\w@%+=:,./-]+$/;

/** An escape of bash's `$'...'` quoting; `\\xNN` would be a byte there, so it serves ASCII alone. */
function quoted(point: number): string {
  const hex = (digits: number) => point.toString(16).padStart(digits, '0');
  if (point < 0x80) return `\\x${hex(2)}`;
  return point < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}

/** A word as a POSIX shell reads it back; control characters in bash's `$'...'` form, so that the line stays one line. */
export function shellWord(word: string): string {
  if (BARE.test(word)) return word;
  if (visible(word) === word) return `'${word.replaceAll("'", "'\\''")}'`;
  return `$'${replaceUnsafe(word.replaceAll('\\', '\\\\').replaceAll("'", "\\'"), quoted)}'`;
}

/** A command that can be pasted into a shell. */
export function commandLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

/**
 * The call that goes on from where a run was interrupted: the same words with `--resume` and the run folder as `--out`.
 * `argv` is the command line after the program's name, with or without the command itself (`audit` is installed as a
 * program of its own).
 */
export function resumeCommand(command: string, argv: readonly string[], folder: string): string {
  const words = argv[0] === command ? argv.slice(1) : [...argv];
  const hasOut = words.some((word) => word === '--out' || word.startsWith('--out='));
  return commandLine([
    'maskaudit',
    command,
    ...words,
    ...(hasOut ? [] : ['--out', folder]),
    ...(words.includes('--resume') ? [] : ['--resume']),
  ]);
}
