import type { HelpSection } from '../../screen/parts/key-help.js';
import { type PlacedKey, sectionsOf } from '../../screen/parts/placed-keys.js';

export type Page = 'curves' | 'scores' | 'findings';
/** Where keys go: a page, or what lies over it. */
export type Place = Page | 'explain' | 'help';

export type Action =
  | Page
  | 'nextPage'
  | 'previousPage'
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'first'
  | 'last'
  | 'next'
  | 'previous'
  | 'zoom'
  | 'explain'
  | 'back'
  | 'help'
  | 'redraw'
  | 'suspend'
  | 'quit'
  | 'interrupt';

const PAGES = ['curves', 'scores', 'findings'] as const satisfies Place[];
const TEXTS = ['scores', 'explain', 'help'] as const satisfies Place[];
const MOVED = [...PAGES, 'explain', 'help'] as const satisfies Place[];
const OVER = ['explain', 'help'] as const satisfies Place[];
const ALL = [...PAGES, ...OVER] as const satisfies Place[];

/** In the order of help and footer. */
export const TRAIN_KEYS: readonly PlacedKey<Action, Place>[] = [
  { action: 'curves', keys: ['1'], places: PAGES, does: 'curves: the loss and the scores, of all and of each class' },
  { action: 'scores', keys: ['2'], places: PAGES, does: 'scores of the last and the best epoch, what is trained' },
  { action: 'findings', keys: ['3'], places: PAGES, does: 'findings of this training, T001 to T005' },
  { action: 'nextPage', keys: ['tab'], places: PAGES, does: 'next page', brief: 'next page' },
  { action: 'previousPage', keys: ['shift-tab'], places: PAGES, does: 'the page before' },
  { action: 'next', keys: ['right', 'l', 'n'], places: ['curves'], does: 'the next curve', brief: 'curve' },
  { action: 'previous', keys: ['left', 'h', 'N'], places: ['curves'], does: 'the curve before' },
  { action: 'zoom', keys: ['z', 'enter'], places: ['curves'], does: 'this curve alone, and back', brief: 'zoom' },
  { action: 'explain', keys: ['e', 'enter'], places: ['findings'], does: 'explain the rule', brief: 'why' },
  { action: 'up', keys: ['up', 'k'], shown: 2, places: MOVED, does: 'up' },
  { action: 'down', keys: ['down', 'j'], shown: 2, places: ['curves', 'findings'], does: 'down' },
  { action: 'down', keys: ['down', 'j'], places: TEXTS, does: 'a line down', brief: 'more' },
  { action: 'pageUp', keys: ['pageup', 'ctrl-b'], places: MOVED, does: 'a page up' },
  { action: 'pageDown', keys: ['pagedown', 'ctrl-f', 'space'], places: MOVED, does: 'a page down' },
  { action: 'first', keys: ['home', 'g'], shown: 2, places: MOVED, does: 'to the first' },
  { action: 'last', keys: ['end', 'G'], shown: 2, places: MOVED, does: 'to the last' },
  { action: 'back', keys: ['esc', 'backspace'], places: OVER, does: 'back', brief: 'back', vital: true },
  { action: 'help', keys: ['?'], places: ALL, does: 'this help, and back', brief: 'help', vital: true },
  { action: 'redraw', keys: ['ctrl-l'], places: ALL, does: 'draw anew' },
  { action: 'suspend', keys: ['ctrl-z'], places: ALL, does: 'back to the shell for a while; fg comes here again' },
  {
    action: 'quit',
    keys: ['q'],
    places: ALL,
    does: 'leave; while it trains it asks first',
    brief: 'quit',
    vital: true,
  },
  {
    action: 'interrupt',
    keys: ['ctrl-c'],
    places: ALL,
    does: 'stop: the step is finished and saved; again: leave at once',
  },
];

const TITLES: readonly [Place, string][] = [
  ['curves', 'Pages'],
  ['findings', 'Findings'],
  ['scores', 'Text'],
];

/** Every entry once, by where it works. */
export const trainHelp = (): HelpSection[] => sectionsOf(TRAIN_KEYS, TITLES, ALL);
