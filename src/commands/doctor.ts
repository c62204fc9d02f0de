import type { EngineCheck } from '../pipeline/doctor/examination.js';
import { programVersion } from '../pipeline/program-files.js';
import { colours, wantsColour } from '../ui/colours.js';
import { engineText, type Look, machineText, type Terminal, verdictText } from '../ui/doctor-text.js';
import { terminalTraits } from '../ui/terminal-traits.js';
import { type Call, type Command, EXIT, type Io } from './command.js';
import { toggle } from './option.js';
import { OPTIONS, pick } from './options.js';
import { writer } from './output.js';

/** Columns of text on a terminal that doesn't say how wide it is, and elsewhere; a wider one is not used. */
const COLUMNS = 80;

const options = {
  json: toggle({ group: 'Output', describe: 'one JSON object on stdout, for scripts' }),
  ...pick(OPTIONS, ['debug']),
};

/** `maskaudit doctor`. */
export const doctor: Command<typeof options> = {
  name: 'doctor',
  group: 'Engines and models',
  summary: 'which engines and devices work here, and what would make the others work',
  positional: null,
  options,
  configured: false,
  examples: [
    ['', 'runs a small model on every engine and device'],
    ['--json', 'the same for a script; exit code 1 where no model can be run'],
  ],
  async run(call) {
    const { examineEngines, examineMachine } = await import('../pipeline/run-doctor.js');
    const machine = await examineMachine(call.io.cwd);
    const engines = await (call.options.json ? asJson : asText)(call, machine, examineEngines());
    return engines.some(({ trouble }) => trouble === null) ? EXIT.done : EXIT.found;
  },
};

type Machine = Parameters<typeof machineText>[0];
type Show = (
  call: Call<typeof options>,
  machine: Machine,
  checks: AsyncIterable<EngineCheck>,
) => Promise<EngineCheck[]>;

/** Lines as they come: an engine may take seconds to load. */
const asText: Show = async ({ io }, machine, checks) => {
  const { stdout, env } = io;
  const write = writer(stdout);
  const say = (lines: string[]) => write(`${lines.join('\n')}\n`);
  const columns = Math.min(stdout.isTTY && stdout.columns ? stdout.columns : COLUMNS, COLUMNS);
  const look: Look = { columns, colours: colours(wantsColour(stdout, env)) };
  await say([`maskaudit ${programVersion()}`, '', ...machineText(machine, terminalOf(io), look)]);
  const engines: EngineCheck[] = [];
  for await (const check of checks) {
    engines.push(check);
    await say(engineText(check, look));
  }
  await say(verdictText(engines, look));
  return engines;
};

const asJson: Show = async ({ io }, machine, checks) => {
  const engines: EngineCheck[] = [];
  for await (const check of checks) engines.push(check);
  const works = engines.some(({ trouble }) => trouble === null);
  const report = { schema: 1, version: programVersion(), works, ...machine, terminal: terminalOf(io), engines };
  await writer(io.stdout)(`${JSON.stringify(report, null, 2)}\n`);
  return engines;
};

function terminalOf({ stdout, env }: Io): Terminal {
  if (!stdout.isTTY) return null;
  const { colours, unicode } = terminalTraits(stdout, env);
  return { colours, unicode, columns: stdout.columns ?? null };
}
