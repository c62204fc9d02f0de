import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../pipeline/errors.js';
import { programVersion } from '../pipeline/program-files.js';
import { didYouMean } from '../pipeline/words/nearest.js';
import { type Command, EXIT, type Io } from './command.js';
import { COMMANDS } from './commands.js';
import { loadConfig, NO_CONFIG } from './config.js';
import { failureOf } from './failure.js';
import { commandHelp, overview } from './help.js';
import { OPTIONS, variableName } from './options.js';
import { ClosedPipe, writer } from './output.js';
import { settle } from './settings.js';

/** Runs a command line in this process and sets its exit code: the only place that does. */
export async function main(argv: string[]): Promise<void> {
  const farewells = new Set<() => void>();
  const sayFarewell = () => {
    for (const farewell of farewells) farewell();
  };
  const fail = (error: unknown): number => {
    sayFarewell();
    return report(error, argv, io);
  };
  const io: Io = {
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signals: process,
    // The whole group: a shell waits for npm or npx, not for what they have started. Windows has no such thing.
    stop: () => {
      if (process.platform !== 'win32') process.kill(0, 'SIGTSTP');
    },
    leave: (code) => {
      sayFarewell();
      return process.exit(code);
    },
    beforeLeaving(farewell) {
      farewells.add(farewell);
      return () => farewells.delete(farewell);
    },
  };
  // Node's own answer to an error that nobody caught is exit code 1, which means findings here.
  process.on('uncaughtException', (error) => process.exit(fail(error)));
  process.on('unhandledRejection', (error) => process.exit(fail(error)));
  // Who writes hears of the fault where it writes; unheard, it would end the process here.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  process.exitCode = await run(argv, io);
}

/** Parses, runs, reports. Never throws. @returns the exit code. */
export async function run(argv: string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv, io);
  } catch (error) {
    return error instanceof ClosedPipe ? EXIT.done : report(error, argv, io);
  }
}

async function dispatch(argv: string[], io: Io): Promise<number> {
  const [name] = argv;
  if (name === undefined) {
    io.stderr.write(overview());
    return EXIT.usage;
  }
  if (asks([name], '--help', '-h')) return say(overview(), io);
  if (asks([name], '--version')) return say(`${programVersion()}\n`, io);
  if (secondWords(name).length > 0 && asks(argv.slice(1, 2), '--help', '-h')) return say(overview(), io);
  const command = findCommand(argv, io.cwd);
  const rest = argv.slice(wordsOf(command).length);
  if (asks(rest, '--help', '-h')) return say(commandHelp(command, Math.min(io.stdout.columns ?? 100, 110)), io);
  if (asks(rest, '--version')) return say(`${programVersion()}\n`, io);
  // yargs takes longer to load than all of this to run: who asks for help does not wait for it.
  const { parse } = await import('./parse.js');
  const { flags, words } = parse(command, rest);
  warnOfVariables(io);
  const first = settle({ config: OPTIONS.config }, { flags, env: io.env, file: {}, folder: io.cwd });
  const config = command.configured ? await loadConfig(first.values.config, io.cwd) : NO_CONFIG;
  const layers = { flags, env: io.env, file: config.options, folder: io.cwd };
  const { values, origins } = settle(command.options, layers);
  return command.run({ options: values, origins, words, config, argv, io });
}

/** Help and version are given whatever else is wrong; after `--` they are words like others. */
function asks(words: string[], ...flags: string[]): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end < 0 ? words.length : end).some((word) => flags.includes(word));
}

const wordsOf = (command: Command) => command.name.split(' ');

/** Of the commands that begin with this word and go on. */
const secondWords = (first: string) =>
  COMMANDS.map(wordsOf).flatMap(([word, second]) => (word === first && second !== undefined ? [second] : []));

function findCommand(argv: string[], cwd: string): Command {
  const command = COMMANDS.find((candidate) => wordsOf(candidate).every((word, i) => word === argv[i]));
  if (command) return command;
  const [name, second] = argv;
  const seconds = secondWords(name);
  if (seconds.length > 0) {
    const hint =
      (second && didYouMean(second, seconds)) || `: maskaudit ${name} ${seconds.join(` or maskaudit ${name} `)}`;
    throw new UsageError(`${name} needs a second word${hint}`);
  }
  const names = COMMANDS.map((candidate) => candidate.name);
  if (name.startsWith('-')) throw new UsageError(`a command comes first: ${names.join(', ')}`);
  const folder = existsSync(path.resolve(cwd, name)) ? `; did you mean maskaudit audit ${name}?` : '';
  const hint = didYouMean(name, names) || folder || `; the commands are ${names.join(', ')}`;
  throw new UsageError(`unknown command "${name}"${hint}`);
}

async function say(text: string, io: Io): Promise<number> {
  await writer(io.stdout)(text);
  return EXIT.done;
}

function report(error: unknown, argv: string[], io: Io): number {
  const { code, text } = failureOf(error, argv.includes('--debug') || Boolean(io.env.MASKAUDIT_DEBUG));
  io.stderr.write(`maskaudit: ${text}\n`);
  return code;
}

/** Where engines are installed; no option's variable. */
const HOME_VARIABLE = 'MASKAUDIT_HOME';

/** A variable that is misspelt would be ignored without a word. */
function warnOfVariables({ env, stderr }: Io): void {
  const known = new Set(COMMANDS.flatMap((command) => Object.keys(command.options).map(variableName)));
  known.add(HOME_VARIABLE);
  for (const name of Object.keys(env)) {
    if (!name.startsWith('MASKAUDIT_') || known.has(name)) continue;
    stderr.write(`maskaudit: the variable ${name} means nothing here${didYouMean(name, known)}\n`);
  }
}
