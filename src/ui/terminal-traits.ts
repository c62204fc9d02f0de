import { type Env, type TextStream, wantsColour } from './colours.js';

/** What a terminal can show. `colours`: how many it tells apart; 0 is none at all. */
export interface TerminalTraits {
  colours: 0 | 16 | 256 | 16_777_216;
  /** Block characters, lines and arrows; else ASCII. */
  unicode: boolean;
  /** Bold, dim and reversed text, which are no colours. */
  styles: boolean;
}

/** Block characters only where the locale says that the terminal takes UTF-8. */
export function hasUnicode(env: Env): boolean {
  if (env.TERM === 'linux') return false;
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '') || env.WT_SESSION !== undefined;
}

/** COLORTERM and TERM say how many colours there are, FORCE_COLOR=1, 2 or 3 knows better, NO_COLOR wants none. */
export function terminalTraits(stream: TextStream, env: Env): TerminalTraits {
  const unicode = hasUnicode(env);
  const styles = stream.isTTY === true && env.TERM !== 'dumb';
  const { FORCE_COLOR, COLORTERM = '', TERM = '', WT_SESSION } = env;
  if (!wantsColour(stream, env)) return { colours: 0, unicode, styles };
  if (FORCE_COLOR === '1') return { colours: 16, unicode, styles };
  if (FORCE_COLOR === '2') return { colours: 256, unicode, styles };
  const direct = FORCE_COLOR === '3' || /truecolor|24bit/i.test(COLORTERM) || /direct|kitty|ghostty/i.test(TERM);
  if (direct || WT_SESSION !== undefined) return { colours: 16_777_216, unicode, styles };
  return { colours: /256/.test(TERM) ? 256 : 16, unicode, styles };
}
