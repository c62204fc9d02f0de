import { type EngineCheck, type Machine, MODEL_KINDS } from '../pipeline/doctor/examination.js';
import type { Trouble } from '../pipeline/engines/engine.js';
import { counted, duration } from '../pipeline/words/figures.js';
import { visible } from '../pipeline/words/visible-text.js';
import type { Colours } from './colours.js';
import { wrap } from './display-width.js';
import type { TerminalTraits } from './terminal-traits.js';

/** How wide the text may be, and its colours. */
export interface Look {
  columns: number;
  colours: Colours;
}

/** The terminal that the text goes to; null where it goes elsewhere. */
export type Terminal = (Pick<TerminalTraits, 'colours' | 'unicode'> & { columns: number | null }) | null;

const LABEL = 16;
const INDENT = ' '.repeat(6 + LABEL);

export function machineText(machine: Machine, terminal: Terminal, look: Look): string[] {
  const { node, platform, threads, memory, images, folders } = machine;
  const { availableBytes, totalBytes } = memory;
  return [
    heading('Machine', look),
    ...row('Node', `${node.version} on ${platform}, ${counted(threads, 'thread')}`, node.trouble, look),
    ...row('Memory', `${gigabytes(availableBytes)} free of ${gigabytes(totalBytes)}`, null, look),
    ...row('Images', `sharp ${images.version}: ${images.formats.join(', ')}`, images.trouble, look),
    ...row('Terminal', terminalWords(terminal), null, look),
    ...folders.flatMap(({ purpose, folder, freeBytes, trouble }) =>
      row(purpose, `${folder}, ${gigabytes(freeBytes ?? 0)} free`, trouble, look),
    ),
    '',
    heading('Engines', look),
  ];
}

export function engineText(check: EngineCheck, look: Look): string[] {
  const { engine, device, used, version, imageMs, warmUpMs, trouble } = check;
  const on = used === null || used === device ? '' : ` on ${used}`;
  const first = warmUpMs === null ? '' : `, ${time(warmUpMs)} the first`;
  const words = `${version}${on}: ${time(imageMs ?? 0)} an image${first}`;
  return row(`${engine.padEnd(11)}${device}`, words, trouble, look);
}

/** What `auto` takes for each kind of model, or what would help. */
export function verdictText(checks: readonly EngineCheck[], look: Look): string[] {
  const lines = MODEL_KINDS.flatMap((kind) => {
    const readers = checks.filter(({ reads }) => reads.includes(kind));
    const works = readers.find(({ trouble }) => trouble === null);
    if (works) return row(kind, `run by ${works.engine} on ${works.used}`, null, look);
    const remedy = readers.find(({ trouble }) => trouble?.remedy)?.trouble?.remedy ?? null;
    return row(kind, '', { reason: 'nothing here runs it', remedy }, look);
  });
  const none = checks.every(({ trouble }) => trouble !== null);
  return [
    '',
    heading('Models', look),
    ...lines,
    ...(none ? ['', look.colours.error('No model can be run here.')] : []),
  ];
}

const heading = (text: string, { colours }: Look): string => colours.bold(text);

/** A label and what there is to say; in trouble the reason, and below it the command alone, to be copied. */
function row(label: string, words: string, trouble: Trouble | null, { columns, colours }: Look): string[] {
  const state = trouble === null ? 'ok' : colours.error('no');
  const [first, ...more] = wrap(visible(trouble?.reason ?? words), columns - INDENT.length);
  const lines = [`  ${state}  ${label.padEnd(LABEL)}${first}`, ...more.map((line) => INDENT + line)];
  // Not behind the reason's column: a command is not broken, and most fit so.
  if (trouble?.remedy) lines.push(`      ${colours.command(visible(trouble.remedy))}`);
  return lines;
}

function terminalWords(terminal: Terminal): string {
  if (terminal === null) return 'none: text goes to a file or a pipe, without colours';
  const { colours, unicode, columns } = terminal;
  const many = colours === 0 ? 'no colours' : colours > 256 ? 'true colour' : `${colours} colours`;
  return `${many}, ${unicode ? 'Unicode' : 'ASCII alone'}${columns === null ? '' : `, ${columns} columns`}`;
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** `0.4 ms`, `35 ms`, `1.3 s`. */
function time(ms: number): string {
  if (ms >= 1000) return duration(ms);
  return `${ms < 9.95 && !Number.isInteger(ms) ? ms.toFixed(1) : Math.round(ms)} ms`;
}
