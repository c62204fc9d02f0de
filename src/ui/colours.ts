export interface TextStream {
  isTTY?: boolean;
}

export type Env = Readonly<Record<string, string | undefined>>;

/** CI systems set `CI`; `CI=false` and `CI=0` are how people say that they don't mean it. */
export function isCi(env: Env): boolean {
  return env.CI !== undefined && !['', '0', 'false'].includes(env.CI);
}

/**
 * Whether to colour what goes to a stream: FORCE_COLOR decides where it is set (`0` and `false` are no), then NO_COLOR
 * (any value but the empty one is no, https://no-color.org), then whether it is a terminal that a person looks at.
 */
export function wantsColour(stream: TextStream, env: Env): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR) return false;
  return stream.isTTY === true && env.TERM !== 'dumb' && !isCi(env);
}

export interface Colours {
  bold(text: string): string;
  dim(text: string): string;
  error(text: string): string;
  warning(text: string): string;
  info(text: string): string;
  command(text: string): string;
}

const sgr = (on: number, off: number) => (text: string) => `\u001b[${on}m${text}\u001b[${off}m`;
const plain = (text: string) => text;

const NONE: Colours = { bold: plain, dim: plain, error: plain, warning: plain, info: plain, command: plain };
const ANSI: Colours = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  error: sgr(31, 39),
  warning: sgr(33, 39),
  info: sgr(34, 39),
  command: sgr(36, 39),
};

/** Functions that colour a text that is already padded, or leave it as it is. Words carry the meaning, colour repeats it. */
export function colours(wanted: boolean): Colours {
  return wanted ? ANSI : NONE;
}
