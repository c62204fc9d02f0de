import { classColour, type Rgb } from '../../pipeline/overlays/palette.js';
import type { Severity } from '../../pipeline/record.js';
import type { TerminalTraits } from '../terminal-traits.js';
import { closest16, closest256 } from './terminal-colours.js';

/** Signs that a terminal without Unicode gets in ASCII. */
export interface Signs {
  rule: string;
  full: string;
  /** A bar's last cell by eighths, emptiest first; ASCII has none. */
  eighths: readonly string[];
  rest: string;
  pointer: string;
  more: string;
  up: string;
  down: string;
  arrows: string;
  sideways: string;
  dot: string;
}

const UNICODE: Signs = {
  rule: '─',
  full: '█',
  eighths: ['▏', '▎', '▍', '▌', '▋', '▊', '▉'],
  rest: '·',
  pointer: '▸',
  more: '…',
  up: '▲',
  down: '▼',
  arrows: '↑↓',
  sideways: '←→',
  dot: '·',
};
const ASCII: Signs = {
  rule: '-',
  full: '#',
  eighths: [],
  rest: '.',
  pointer: '>',
  more: '.',
  up: '^',
  down: 'v',
  arrows: 'up/down',
  sideways: 'left/right',
  dot: '-',
};

/**
 * How things look on one terminal. Every function takes plain text that is fitted already and leaves its width alone. Names in
 * brackets are words beside a colour: colour repeats what words or signs say.
 */
export interface Theme extends TerminalTraits {
  signs: Signs;
  bold(text: string): string;
  dim(text: string): string;
  /** The chosen row of a list. */
  chosen(text: string): string;
  /** A key's name. */
  key(text: string): string;
  good(text: string): string;
  severity(severity: Severity, text: string): string;
  ofClass(index: number, text: string): string;
  colour(fore: Rgb | null, back: Rgb | null, text: string): string;
  /** The sequence that starts a colour, '' without colours: for pictures, which end with `reset` once. */
  start(colour: Rgb, ground: 'fore' | 'back'): string;
  reset: string;
}

const sgr = (on: string, off: string) => (text: string) => (text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`);
const same = (text: string) => text;

/** Bold, dim and reversed text are no colours: NO_COLOR leaves them. */
export function createTheme(traits: TerminalTraits): Theme {
  const { colours, styles } = traits;
  const style = (on: string, off: string) => (styles ? sgr(on, off) : same);
  const named = (on: string) => (colours === 0 ? same : sgr(on, '39'));
  const severities: Record<Severity, (text: string) => string> = {
    error: colours === 0 ? style('1', '22') : sgr('31', '39'),
    warning: named('33'),
    info: named('34'),
  };
  const start = (colour: Rgb, ground: 'fore' | 'back'): string => {
    const base = ground === 'fore' ? 38 : 48;
    if (colours === 0) return '';
    if (colours === 16) {
      const n = closest16(colour);
      return `\u001b[${(n < 8 ? 30 + n : 82 + n) + (ground === 'fore' ? 0 : 10)}m`;
    }
    if (colours === 256) return `\u001b[${base};5;${closest256(colour)}m`;
    return `\u001b[${base};2;${colour[0]};${colour[1]};${colour[2]}m`;
  };
  const colour = (fore: Rgb | null, back: Rgb | null, text: string) => {
    const on = (fore ? start(fore, 'fore') : '') + (back ? start(back, 'back') : '');
    return on === '' || text === ''
      ? text
      : `${on}${text}\u001b[${fore ? '39' : ''}${fore && back ? ';' : ''}${back ? '49' : ''}m`;
  };
  return {
    ...traits,
    signs: traits.unicode ? UNICODE : ASCII,
    bold: style('1', '22'),
    dim: style('2', '22'),
    chosen: style('7', '27'),
    key: colours === 0 ? style('1', '22') : sgr('36', '39'),
    good: named('32'),
    severity: (severity, text) => severities[severity](text),
    ofClass: (index, text) => (index < 1 ? text : colour(classColour(index), null, text)),
    colour,
    start,
    reset: '\u001b[0m',
  };
}
