import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect } from 'vitest';
import { PROGRAM } from './program.js';

export interface Step {
  until: string;
  send?: string;
  resize?: [number, number];
  pause?: number;
}

/** Runs the program in a pseudo-terminal. `until` of a step is waited for in what came after the step before. */
export function inTerminal(
  args: string[],
  cwd: string,
  steps: Step[],
  env: Record<string, string> = {},
  size = [80, 24],
) {
  return runInTerminal([process.execPath, PROGRAM, ...args], cwd, steps, env, size);
}

/** The same of any program. */
export function runInTerminal(
  argv: string[],
  cwd: string,
  steps: Step[],
  env: Record<string, string> = {},
  size = [80, 24],
) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(MASKAUDIT_|FORCE_COLOR|NO_COLOR|COLORTERM|CI$|LC_ALL)/.test(name),
  );
  const plan = {
    argv,
    cwd,
    columns: size[0],
    rows: size[1],
    env: { ...Object.fromEntries(kept), TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
    steps,
    seconds: 40,
  };
  const script = path.join(import.meta.dirname, 'in-terminal.py');
  const { stdout, stderr, error } = spawnSync('python3', [script], { input: JSON.stringify(plan), encoding: 'utf8' });
  if (error) throw new Error(`these tests need a pseudo-terminal, and for that python3: ${error.message}`);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as { status: number; output: string; first: number; steps_left: number };
}

export const ENTER = '\u001b[?1049h';
export const LEAVE = '\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l';
/** What is in the scrollback once the screen has gone, without colours. */
export function afterwards(output: string): string {
  expect(output.split(ENTER), 'the screen is taken once').toHaveLength(2);
  expect(output.split(LEAVE), 'and given back once').toHaveLength(2);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences
  return output.slice(output.indexOf(LEAVE) + LEAVE.length).replace(/\u001b\[[0-9;]*[mK]/g, '');
}
