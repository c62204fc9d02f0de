import type { Place } from './view-state.js';

export type Action =
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'first'
  | 'last'
  | 'left'
  | 'right'
  | 'overview'
  | 'findings'
  | 'images'
  | 'nextPage'
  | 'open'
  | 'back'
  | 'search'
  | 'filter'
  | 'clear'
  | 'sort'
  | 'reverse'
  | 'focus'
  | 'next'
  | 'previous'
  | 'truth'
  | 'predicted'
  | 'difference'
  | 'all'
  | 'zoom'
  | 'explain'
  | 'paths'
  | 'help'
  | 'redraw'
  | 'quit'
  | 'interrupt';

/** What a key does in some places. Help and footer are made from this. */
export interface KeyEntry {
  action: Action;
  /** Names as `keyNames` gives them; the first ones are shown. */
  keys: readonly string[];
  /** How many of the keys are shown. */
  shown?: number;
  places: readonly Place[];
  does: string;
  /** A word or two for the footer; entries without are in the help alone. */
  brief?: string;
}

const LISTS = ['findings', 'images'] as const satisfies Place[];
const PAGES = ['overview', ...LISTS] as const satisfies Place[];
const OVER = ['image', 'explain', 'help', 'filter', 'paths'] as const satisfies Place[];
const SCROLLED = ['explain', 'help'] as const satisfies Place[];
const ALL = [...PAGES, ...OVER] as const satisfies Place[];

/** In the order of help and footer. */
export const KEYS: readonly KeyEntry[] = [
  { action: 'overview', keys: ['1'], places: PAGES, does: 'overview: balance, scores, rules' },
  { action: 'findings', keys: ['2'], places: PAGES, does: 'findings' },
  { action: 'images', keys: ['3'], places: PAGES, does: 'images' },
  { action: 'nextPage', keys: ['tab'], places: PAGES, does: 'next page', brief: 'next page' },
  { action: 'up', keys: ['up', 'k'], shown: 2, places: [...LISTS, ...SCROLLED, 'filter'], does: 'up' },
  { action: 'down', keys: ['down', 'j'], shown: 2, places: [...LISTS, ...SCROLLED, 'filter'], does: 'down' },
  { action: 'pageUp', keys: ['pageup', 'ctrl-b'], places: [...LISTS, ...SCROLLED], does: 'a page up' },
  { action: 'pageDown', keys: ['pagedown', 'ctrl-f', 'space'], places: [...LISTS, ...SCROLLED], does: 'a page down' },
  { action: 'first', keys: ['home', 'g'], shown: 2, places: [...LISTS, ...SCROLLED], does: 'to the first' },
  { action: 'last', keys: ['end', 'G'], shown: 2, places: [...LISTS, ...SCROLLED], does: 'to the last' },
  { action: 'open', keys: ['enter'], places: LISTS, does: 'open the image', brief: 'open' },
  { action: 'search', keys: ['/'], places: LISTS, does: 'search in names and messages', brief: 'search' },
  {
    action: 'filter',
    keys: ['f'],
    places: LISTS,
    does: 'filter by class, rule, split, source, outcome, severity',
    brief: 'filter',
  },
  { action: 'clear', keys: ['x'], places: [...LISTS, 'filter'], does: 'show all again', brief: 'all' },
  { action: 'sort', keys: ['s'], places: LISTS, does: 'sort by the next column', brief: 'sort' },
  { action: 'reverse', keys: ['S', 'r'], places: LISTS, does: 'reverse the order' },
  { action: 'focus', keys: ['c'], places: ['images'], does: 'next class', brief: 'class' },
  { action: 'left', keys: ['left', 'h'], shown: 2, places: ['filter'], does: 'the choice before', brief: 'before' },
  { action: 'right', keys: ['right', 'l'], shown: 2, places: ['filter'], does: 'the next choice', brief: 'next' },
  { action: 'next', keys: ['n', 'right', 'l'], places: ['image'], does: 'next image of the list', brief: 'next' },
  { action: 'previous', keys: ['N', 'left', 'h'], places: ['image'], does: 'the one before' },
  { action: 'truth', keys: ['t'], places: ['image'], does: 'truth on the image; again: image alone', brief: 'truth' },
  { action: 'predicted', keys: ['p'], places: ['image'], does: 'prediction on the image', brief: 'predicted' },
  { action: 'difference', keys: ['d'], places: ['image'], does: 'difference of the two', brief: 'diff' },
  { action: 'zoom', keys: ['z'], places: ['image'], does: 'zoom to the lesion and back', brief: 'zoom' },
  { action: 'up', keys: ['up', 'k'], shown: 2, places: ['image'], does: 'finding before' },
  { action: 'down', keys: ['down', 'j'], shown: 2, places: ['image'], does: 'next finding of the image' },
  { action: 'explain', keys: ['e'], places: ['findings', 'image'], does: 'explain the rule', brief: 'why' },
  {
    action: 'all',
    keys: ['a'],
    places: ['image'],
    does: 'truth, prediction and difference side by side',
    brief: 'all',
  },
  { action: 'focus', keys: ['c'], places: ['image'], does: 'difference of the next class', brief: 'class' },
  { action: 'paths', keys: ['y'], places: [...LISTS, 'image'], does: 'show the paths, to copy', brief: 'paths' },
  { action: 'back', keys: ['esc', 'backspace'], places: OVER, does: 'back', brief: 'back' },
  { action: 'back', keys: ['enter'], places: ['filter'], does: 'back to the list' },
  { action: 'back', keys: ['esc'], places: LISTS, does: 'clear the search' },
  { action: 'help', keys: ['?'], places: ALL, does: 'this help, and back', brief: 'help' },
  { action: 'redraw', keys: ['ctrl-l'], places: ALL, does: 'draw anew' },
  { action: 'quit', keys: ['q'], places: ALL, does: 'leave; while images are measured it asks first', brief: 'quit' },
  {
    action: 'interrupt',
    keys: ['ctrl-c'],
    places: ALL,
    does: 'stop: what is in flight is finished and written; again: leave at once',
  },
];

/** What a key does at a place, or null. */
export function actionOf(key: string, place: Place): Action | null {
  return KEYS.find(({ keys, places }) => places.includes(place) && keys.includes(key))?.action ?? null;
}

/** Where an entry's keys are named by signs, words or letters. */
export function shownKeys({ keys, shown = 1 }: KeyEntry, unicode: boolean): string {
  const signs: Record<string, string> = unicode ? { up: '↑', down: '↓', left: '←', right: '→' } : {};
  return keys
    .slice(0, shown)
    .map((key) => signs[key] ?? key)
    .join(' ');
}

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
const CONTROLS: Record<string, string> = { '\t': 'tab', '\r': 'enter', '\n': 'enter', '\b': 'backspace', '\u001b': 'esc' };
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
  const named = NAMED.find(([flag]) => key[flag]);
  if (named) return [named[1]];
  if (key.ctrl) return [`ctrl-${input}`];
  if (key.meta) return ['esc', ...Array.from(input, nameOf)];
  return UNKNOWN_SEQUENCE.test(input) ? [] : Array.from(input, nameOf);
}
