import type { HelpSection } from './parts/key-help.js';
import { actionAt, entriesAt, type PlacedKey, sectionsOf } from './parts/placed-keys.js';
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
  | 'previousPage'
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
  | 'suspend'
  | 'quit'
  | 'interrupt';

export type KeyEntry = PlacedKey<Action, Place>;

const LISTS = ['findings', 'images'] as const satisfies Place[];
const PAGES = ['overview', ...LISTS] as const satisfies Place[];
const OVER = ['image', 'explain', 'help', 'filter', 'paths'] as const satisfies Place[];
const SCROLLED = ['overview', 'explain', 'help'] as const satisfies Place[];
const ALL = [...PAGES, ...OVER] as const satisfies Place[];

/** In the order of help and footer. */
export const KEYS: readonly KeyEntry[] = [
  { action: 'overview', keys: ['1'], places: PAGES, does: 'overview: balance, scores, rules, splits and sources' },
  { action: 'findings', keys: ['2'], places: PAGES, does: 'findings' },
  { action: 'images', keys: ['3'], places: PAGES, does: 'images' },
  { action: 'nextPage', keys: ['tab'], places: PAGES, does: 'next page', brief: 'next page' },
  { action: 'previousPage', keys: ['shift-tab'], places: PAGES, does: 'the page before' },
  { action: 'up', keys: ['up', 'k'], shown: 2, places: [...LISTS, ...SCROLLED, 'filter'], does: 'up' },
  { action: 'down', keys: ['down', 'j'], shown: 2, places: [...LISTS, 'filter'], does: 'down' },
  { action: 'down', keys: ['down', 'j'], places: SCROLLED, does: 'a line down', brief: 'more' },
  { action: 'pageUp', keys: ['pageup', 'ctrl-b'], places: [...LISTS, ...SCROLLED], does: 'a page up' },
  { action: 'pageDown', keys: ['pagedown', 'ctrl-f', 'space'], places: [...LISTS, ...SCROLLED], does: 'a page down' },
  { action: 'first', keys: ['home', 'g'], shown: 2, places: [...LISTS, ...SCROLLED], does: 'to the first' },
  { action: 'last', keys: ['end', 'G'], shown: 2, places: [...LISTS, ...SCROLLED], does: 'to the last' },
  { action: 'open', keys: ['enter'], places: LISTS, does: 'open the image', brief: 'open', vital: true },
  { action: 'search', keys: ['/'], places: LISTS, does: 'search in names and messages', brief: 'search' },
  {
    action: 'filter',
    keys: ['f'],
    places: LISTS,
    does: 'filter by class, rule, split, source, outcome, severity',
    brief: 'filter',
  },
  { action: 'clear', keys: ['x'], places: [...LISTS, 'filter'], does: 'show all again', brief: 'clear' },
  { action: 'sort', keys: ['s'], places: LISTS, does: 'sort by the next column', brief: 'sort' },
  { action: 'reverse', keys: ['S', 'r'], places: LISTS, does: 'reverse the order' },
  { action: 'focus', keys: ['c'], places: ['overview', 'images'], does: 'figures of the next class', brief: 'class' },
  { action: 'left', keys: ['left', 'h'], shown: 2, places: ['filter'], does: 'the choice before', brief: 'before' },
  { action: 'right', keys: ['right', 'l'], shown: 2, places: ['filter'], does: 'the next choice', brief: 'next' },
  { action: 'next', keys: ['n', 'right', 'l'], places: ['image'], does: 'next image of the list', brief: 'next' },
  { action: 'previous', keys: ['N', 'left', 'h'], places: ['image'], does: 'the one before' },
  {
    action: 'truth',
    keys: ['t'],
    places: ['image'],
    does: 'truth on the image, or where its class is seen; again: image alone',
    brief: 'truth',
  },
  {
    action: 'predicted',
    keys: ['p'],
    places: ['image'],
    does: 'prediction on the image, or where a classifier sees it',
    brief: 'predicted',
  },
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
  { action: 'back', keys: ['esc', 'backspace'], places: OVER, does: 'back', brief: 'back', vital: true },
  { action: 'back', keys: ['enter'], places: ['filter'], does: 'back to the list' },
  { action: 'back', keys: ['esc'], places: LISTS, does: 'clear the search' },
  { action: 'help', keys: ['?'], places: ALL, does: 'this help, and back', brief: 'help', vital: true },
  { action: 'redraw', keys: ['ctrl-l'], places: ALL, does: 'draw anew' },
  { action: 'suspend', keys: ['ctrl-z'], places: ALL, does: 'back to the shell for a while; fg comes here again' },
  {
    action: 'quit',
    keys: ['q'],
    places: ALL,
    does: 'leave; while images are measured it asks first',
    brief: 'quit',
    vital: true,
  },
  {
    action: 'interrupt',
    keys: ['ctrl-c'],
    places: ALL,
    does: 'stop: what is in flight is finished and written; again: leave at once',
  },
];

/** What a key does at a place, or null. */
export function actionOf(key: string, place: Place): Action | null {
  return actionAt(KEYS, key, place);
}

/** Entries of a place whose keys would do something now, for its footer. */
export function keysAt(place: Place, idle: ReadonlySet<Action>): KeyEntry[] {
  return entriesAt(KEYS, place, idle);
}

const TITLES: readonly [Place, string][] = [
  ['overview', 'Pages'],
  ['findings', 'Lists'],
  ['filter', 'Filter'],
  ['image', 'An image'],
];

/** Every entry once, by where it works. */
export function helpSections(): HelpSection[] {
  return sectionsOf(KEYS, TITLES, ALL);
}
