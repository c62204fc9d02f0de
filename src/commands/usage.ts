import type { Positional } from './command.js';

/** ` [dataset]`, ` <run>`, ` <runs..>`, or '' for a command that takes none. */
export function usageOf(positional: Positional | null): string {
  if (positional === null) return '';
  const name = `${positional.name}${positional.many ? '..' : ''}`;
  return positional.required ? ` <${name}>` : ` [${name}]`;
}
