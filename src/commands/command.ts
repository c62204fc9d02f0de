import type { Env } from '../ui/colours.js';
import type { OutputStream } from '../ui/text-output.js';
import type { Config } from './config.js';
import type { OptionSet, Values } from './options.js';
import type { Origin } from './settings.js';

/** The world outside, so that a test can be another one. */
export interface Io {
  /** Opened when it is asked for: that alone can keep a process alive. */
  readonly stdin: NodeJS.ReadStream;
  stdout: OutputStream;
  stderr: OutputStream;
  env: Env;
  /** Absolute; what paths on the command line are relative to. */
  cwd: string;
  /** Where SIGINT, SIGTERM and SIGCONT arrive. */
  signals: Pick<NodeJS.EventEmitter, 'on' | 'off'>;
  /** Stops the job that this process is part of, as Ctrl-Z does, until its shell lets it go on. */
  stop(): void;
  /** Ends the process at once. */
  leave(code: number): never;
  /** Does something before the process ends at once or an error is printed; returns what takes it back. */
  beforeLeaving(farewell: () => void): () => void;
}

/** The word or words of a command that are no options. */
export interface Positional {
  name: string;
  required: boolean;
  many: boolean;
  describe: string;
}

/** One call of a command, settled and checked. */
export interface Call<S extends OptionSet = OptionSet> {
  options: Values<S>;
  origins: Record<keyof S, Origin>;
  words: string[];
  config: Config;
  /** The command line after the program's name, beginning with the command's word or words. */
  argv: string[];
  io: Io;
}

/** A command: what its help says, and what it does. */
export interface Command<S extends OptionSet = OptionSet> {
  /** One word or two: `audit`, `engine install`. */
  name: string;
  group: 'Look' | 'Work with runs' | 'Engines and models' | 'Learn and try';
  summary: string;
  positional: Positional | null;
  options: S;
  /** False where the command takes nothing from the configuration file. */
  configured: boolean;
  /** Command lines after the command's name, and what they do. */
  examples: [words: string, does: string][];
  /** @returns the exit code. */
  run(call: Call<S>): Promise<number>;
}

/** The exit codes of the contract. */
export const EXIT = { done: 0, found: 1, usage: 2, failed: 3, interrupted: 130 } as const;
