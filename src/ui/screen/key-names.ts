/** The part of Ink's key that names are made from. */
export interface InkKey {
  upArrow: boolean;
  downArrow: boolean;
  leftArrow: boolean;
  rightArrow: boolean;
  pageUp: boolean;
  pageDown: boolean;
  home: boolean;
  end: boolean;
  return: boolean;
  escape: boolean;
  tab: boolean;
  shift: boolean;
  backspace: boolean;
  delete: boolean;
  ctrl: boolean;
  meta: boolean;
}

const NAMED: readonly [keyof InkKey, string][] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  // What most terminals send for the backspace key.
  ['delete', 'backspace'],
];

/** Control characters that have names of their own; the others are Ctrl with a letter. */
const CONTROLS: Record<string, string> = {
  '\t': 'tab',
  '\r': 'enter',
  '\n': 'enter',
  '\b': 'backspace',
  '\u001b': 'esc',
};
/** What Ink leaves of a sequence that it doesn't know (a terminal's report, a key of none of these): nobody typed it. */
const UNKNOWN_SEQUENCE = /^\[[0-9;:<=>?]*[ -/]*[@-~]$/;

function nameOf(character: string): string {
  if (character === ' ') return 'space';
  if (character === '\u007f') return 'backspace';
  if (character >= ' ') return character;
  return CONTROLS[character] ?? `ctrl-${String.fromCharCode(character.charCodeAt(0) + 96)}`;
}

/**
 * Names of the keys of one of Ink's input events. Keys that arrive together, pasted or pressed while the program was busy, come
 * as one text: each of them counts, a Ctrl-C among them too. Alt is none of ours: what looks like it is esc and a key.
 */
export function keyNames(input: string, key: InkKey): string[] {
  const named = NAMED.find(([flag]) => key[flag])?.[1];
  if (named) return [named === 'tab' && key.shift ? 'shift-tab' : named];
  if (key.ctrl) return [`ctrl-${input}`];
  if (key.meta) return ['esc', ...Array.from(input, nameOf)];
  return UNKNOWN_SEQUENCE.test(input) ? [] : Array.from(input, nameOf);
}
