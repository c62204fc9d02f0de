import { pad, wrap } from '../ui/display-width.js';
import type { Command } from './command.js';
import { COMMANDS } from './commands.js';
import { GROUPS, type Option } from './option.js';
import { flagName } from './options.js';
import { usageOf } from './usage.js';

/** Flags longer than this have their description on the next line. */
const FLAG_COLUMNS = 26;

/** What `maskaudit --help` prints: the commands in groups, and where to go on. */
export function overview(): string {
  const names = COMMANDS.map((command) => `${command.name}${usageOf(command.positional)}`);
  const width = Math.max(...names.map((name) => name.length));
  const groups = [...new Set(COMMANDS.map((command) => command.group))].map((group) => {
    const lines = COMMANDS.flatMap((command, i) =>
      command.group === group ? [`  ${names[i].padEnd(width)}  ${command.summary}`] : [],
    );
    return `${group}:\n${lines.join('\n')}`;
  });
  return `maskaudit tells the truth about a segmentation dataset and the models trained on it

Usage: maskaudit <command> [options]

${groups.join('\n\n')}

\`maskaudit <command> --help\` lists the options of a command. Each can also be set by a variable
(MASKAUDIT_JOBS=4 for --jobs 4) and most in maskaudit.config.json. \`audit\` is \`maskaudit audit\`.

Exit codes: 0 done, 1 --fail-on found something, 2 the call is wrong, 3 the work failed, 130 interrupted.

Start with: maskaudit phantom demo --images 200 && maskaudit stats demo
`;
}

/** What `maskaudit <command> --help` prints, in lines of at most `columns`. */
export function commandHelp(command: Command, columns: number): string {
  const { name, positional, summary, options, examples } = command;
  const sections = GROUPS.flatMap((group) => {
    const lines = Object.entries(options)
      .filter(([, option]) => option.group === group)
      .flatMap(([key, option]) => entry(flags(key, option), describe(option), columns));
    return lines.length > 0 ? [`${group}:\n${lines.join('\n')}`] : [];
  });
  const words = positional ? entry(positional.name, positional.describe, columns) : [];
  const shown = examples.flatMap(([call, does]) => [`  # ${does}`, `  maskaudit ${name} ${call}`]);
  return `${[
    wrap(`${summary[0].toUpperCase()}${summary.slice(1)}.`, columns).join('\n'),
    `Usage: maskaudit ${name}${usageOf(positional)} [options]${words.length > 0 ? `\n\n${words.join('\n')}` : ''}`,
    ...sections,
    [...entry('--help', 'this help', columns), ...entry('--version', 'the version', columns)].join('\n'),
    ...(shown.length > 0 ? [`Examples:\n${shown.join('\n')}`] : []),
  ].join('\n\n')}\n`;
}

function flags(key: string, option: Option<unknown>): string {
  const flag = `--${flagName(key)}`;
  return option.negatable ? `${flag}, --no-${flagName(key)}` : `${flag} ${option.placeholder}`.trimEnd();
}

function describe({ describe: text, fallbackText }: Option<unknown>): string {
  return fallbackText === '' ? text : `${text} (default: ${fallbackText})`;
}

function entry(left: string, right: string, columns: number): string[] {
  const indent = ' '.repeat(FLAG_COLUMNS + 2);
  const lines = wrap(right, columns - indent.length);
  const fits = left.length <= FLAG_COLUMNS - 2;
  if (!fits) return [`  ${left}`, ...lines.map((line) => indent + line)];
  return lines.map((line, i) => (i === 0 ? `  ${pad(left, FLAG_COLUMNS)}${line}` : indent + line));
}
