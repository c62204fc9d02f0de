import { type Action, actionOf } from './key-table.js';
import { moved } from './parts/scrolled.js';
import {
  ANSWER_SORTS,
  FINDING_SORTS,
  type Filter,
  IMAGE_SORTS,
  NO_FILTER,
  type OutcomeChoice,
  type Selection,
} from './selection.js';
import { type Layer, type ListName, type ListState, type Over, placeOf, type ViewState } from './view-state.js';

/** What keys need to know of what is shown. */
export interface Facts {
  /** Whether the run still works: then `q` asks. */
  running: boolean;
  selections: Record<ListName, Selection>;
  /** Rows of each list that are seen, for paging. */
  rows: Record<ListName | 'text', number>;
  /** Row in the image table of the image that a finding is about; null: about none, or it is not there yet. */
  imageOfFinding(row: number): number | null;
  ruleOfFinding(row: number): string;
  /** Rules of the findings of an image, in the order in which they are listed. */
  rulesOfImage(row: number): readonly string[];
  classes: number;
  /** What each line of the filter page can be set to, for a list. */
  choices(list: ListName): readonly FilterLine[];
  /** How far the text that is seen can be scrolled: lines below its first ones. */
  textScroll: number;
  /** Whether some of them are not seen now. */
  textBelow: boolean;
  /** Whether anything was predicted. */
  scores: boolean;
  /** Whether the picture has room for three panels. */
  wide: boolean;
  /** Whether images as a whole have the classes, and heat maps lie over the pictures in place of label maps. */
  ofImages: boolean;
}

/** A line of the filter page: what it filters by, and its choices beside `null`, any. */
export interface FilterLine {
  by: Exclude<keyof Filter, 'text'> | 'focus';
  name: string;
  choices: readonly string[];
}

export type Effect = 'quit' | 'interrupt' | 'suspend' | 'redraw' | null;

/** What a key does to the view. Pure. */
export function reduceKey(view: ViewState, key: string, facts: Facts): { view: ViewState; effect: Effect } {
  if (key === 'ctrl-c') return { view: { ...view, prompt: null }, effect: 'interrupt' };
  if (key === 'ctrl-z') return { view, effect: 'suspend' };
  if (view.prompt?.kind === 'search') return { view: typed(view, view.prompt, key), effect: null };
  if (view.prompt?.kind === 'quit') {
    return { view: { ...view, prompt: null }, effect: key === 'q' ? 'quit' : null };
  }
  const action = actionOf(key, placeOf(view));
  if (action === 'redraw') return { view, effect: 'redraw' };
  if (action === 'quit') {
    return facts.running ? { view: { ...view, prompt: { kind: 'quit' } }, effect: null } : { view, effect: 'quit' };
  }
  return { view: action === null ? view : act(view, action, facts), effect: null };
}

function typed(view: ViewState, prompt: { list: ListName; text: string }, key: string): ViewState {
  const search = (text: string): ViewState => ({
    ...withFilter(view, prompt.list, { text }),
    prompt: { kind: 'search', list: prompt.list, text },
  });
  if (key === 'esc') return { ...withFilter(view, prompt.list, { text: '' }), prompt: null };
  if (key === 'enter') return { ...view, prompt: null };
  if (key === 'backspace') {
    const shorter = [...prompt.text].slice(0, -1).join('');
    return prompt.text === '' ? { ...view, prompt: null } : search(shorter);
  }
  if (key === 'ctrl-u') return search('');
  if (key === 'space') return search(`${prompt.text} `);
  return [...key].length === 1 && key >= ' ' ? search(prompt.text + key) : view;
}

const PAGES = ['overview', 'findings', 'images'] as const;

function act(view: ViewState, action: Action, facts: Facts): ViewState {
  const top = view.over.at(-1);
  switch (action) {
    case 'overview':
    case 'findings':
    case 'images':
      return { ...view, page: action };
    case 'nextPage':
    case 'previousPage': {
      const step = action === 'nextPage' ? 1 : -1;
      return { ...view, page: PAGES[(PAGES.indexOf(view.page) + step + PAGES.length) % PAGES.length] };
    }
    case 'help':
      return top?.kind === 'help' ? popped(view) : pushed(view, { kind: 'help', scroll: 0 });
    case 'back':
      if (top) return popped(view);
      if (view.page === 'overview' || view[view.page].filter.text === '') return view;
      return withFilter(view, view.page, { text: '' });
    case 'focus':
      return facts.classes === 0 ? view : { ...view, focus: (view.focus + 1) % facts.classes };
    default:
  }
  if (top?.kind === 'image') return actOnImage(view, top, action, facts);
  if (top?.kind === 'filter') return actOnFilter(view, top, action, facts);
  if (top?.kind === 'explain' || top?.kind === 'help') {
    return replaced(view, { ...top, scroll: moved(top.scroll, action, facts.rows.text, facts.textScroll + 1) });
  }
  if (top) return view;
  if (view.page !== 'overview') return actOnList(view, view.page, action, facts);
  return { ...view, scroll: moved(view.scroll, action, facts.rows.text, facts.textScroll + 1) };
}

function actOnList(view: ViewState, name: ListName, action: Action, facts: Facts): ViewState {
  const list = view[name];
  const selection = facts.selections[name];
  const row = selection.size === 0 ? null : selection.at(Math.min(list.cursor, selection.size - 1));
  const image = row === null ? null : name === 'images' ? row : facts.imageOfFinding(row);
  switch (action) {
    case 'open':
      if (image !== null) return pushed(view, { kind: 'image', from: name, row: image, finding: 0 });
      if (row === null || name === 'images') return view;
      return pushed(view, { kind: 'explain', rule: facts.ruleOfFinding(row), scroll: 0 });
    case 'explain':
      return row === null ? view : pushed(view, { kind: 'explain', rule: facts.ruleOfFinding(row), scroll: 0 });
    case 'paths':
      return image === null ? view : pushed(view, { kind: 'paths', row: image });
    case 'search':
      return { ...view, prompt: { kind: 'search', list: name, text: list.filter.text } };
    case 'filter':
      return pushed(view, { kind: 'filter', list: name, line: 0 });
    case 'clear':
      return withFilter(view, name, NO_FILTER);
    case 'reverse':
      return { ...view, [name]: { ...list, ...FROM_TOP, descending: !list.descending } };
    case 'sort':
      return { ...view, [name]: { ...list, ...FROM_TOP, ...nextSort(name, list, facts) } };
    default: {
      const cursor = moved(list.cursor, action, facts.rows[name], selection.size);
      if (selection.size === 0) return view;
      return { ...view, [name]: { ...list, cursor, row: selection.at(cursor) } };
    }
  }
}

/** What people look for first: the worst overlap, the most pixels, the highest probability. */
function nextSort(name: ListName, list: ListState<string>, { ofImages }: Facts): { sort: string; descending: boolean } {
  const sorts: readonly string[] = name !== 'images' ? FINDING_SORTS : ofImages ? ANSWER_SORTS : IMAGE_SORTS;
  const sort = sorts[(sorts.indexOf(list.sort) + 1) % sorts.length];
  return { sort, descending: ['truth', 'predicted', 'probability'].includes(sort) };
}

const LAYERS: Partial<Record<Action, Layer>> = {
  truth: 'truth',
  predicted: 'predicted',
  difference: 'difference',
  all: 'all',
};

function actOnImage(view: ViewState, top: Over & { kind: 'image' }, action: Action, facts: Facts): ViewState {
  const rules = facts.rulesOfImage(top.row);
  const layer = LAYERS[action];
  if (layer !== undefined) return { ...view, layer: shownLayer(view, facts) === layer ? 'none' : layer };
  switch (action) {
    case 'zoom':
      return { ...view, zoomed: !view.zoomed };
    case 'up':
    case 'down':
      return replaced(view, { ...top, finding: moved(top.finding, action, 1, Math.max(1, rules.length)) });
    case 'explain': {
      const rule = rules[top.finding];
      return rule === undefined ? view : pushed(view, { kind: 'explain', rule, scroll: 0 });
    }
    case 'paths':
      return pushed(view, { kind: 'paths', row: top.row });
    case 'next':
    case 'previous':
      return neighbour(view, top, action === 'next' ? 1 : -1, facts);
    default:
      return view;
  }
}

/**
 * Three panels need room; where there is none the difference says most, and of a classifier the heat of what it says: answers have
 * no difference.
 */
export function shownLayer(view: ViewState, { wide, ofImages }: Pick<Facts, 'wide' | 'ofImages'>): Layer {
  const most = ofImages ? 'predicted' : 'difference';
  if (view.layer === 'all') return wide ? 'all' : most;
  return view.layer === 'difference' ? most : view.layer;
}

/** The next image of the list that the image was opened from; several findings in a row may be about one image. */
function neighbour(view: ViewState, top: Over & { kind: 'image' }, step: 1 | -1, facts: Facts): ViewState {
  const { from } = top;
  const selection = facts.selections[from];
  for (let place = view[from].cursor + step; place >= 0 && place < selection.size; place += step) {
    const row = selection.at(place);
    const image = from === 'images' ? row : facts.imageOfFinding(row);
    if (image === null || image === top.row) continue;
    const moved = { ...view, [from]: { ...view[from], cursor: place, row } };
    return replaced(moved, { ...top, row: image, finding: 0 });
  }
  return view;
}

function actOnFilter(view: ViewState, top: Over & { kind: 'filter' }, action: Action, facts: Facts): ViewState {
  const lines = facts.choices(top.list);
  const line = lines[Math.min(top.line, lines.length - 1)];
  switch (action) {
    case 'up':
    case 'down':
      return replaced(view, { ...top, line: moved(top.line, action, 1, lines.length) });
    case 'clear':
      return withFilter(view, top.list, NO_FILTER);
    case 'left':
    case 'right': {
      if (line === undefined) return view;
      const step = action === 'right' ? 1 : -1;
      if (line.by === 'focus') {
        const n = line.choices.length;
        return n === 0 ? view : { ...view, focus: (view.focus + step + n) % n };
      }
      const options = [null, ...line.choices];
      const chosen = view[top.list].filter[line.by];
      const next = options[(options.indexOf(chosen) + step + options.length) % options.length];
      return withFilter(view, top.list, { [line.by]: next as OutcomeChoice | null });
    }
    default:
      return view;
  }
}

function withFilter(view: ViewState, name: ListName, changed: Partial<Filter>): ViewState {
  const list = view[name];
  return { ...view, [name]: { ...list, ...FROM_TOP, filter: { ...list.filter, ...changed } } };
}

/** Another selection is looked at from its first row. */
const FROM_TOP = { cursor: 0, row: null };

const pushed = (view: ViewState, over: Over): ViewState => ({ ...view, over: [...view.over, over] });
const popped = (view: ViewState): ViewState => ({ ...view, over: view.over.slice(0, -1) });
const replaced = (view: ViewState, over: Over): ViewState => ({ ...view, over: [...view.over.slice(0, -1), over] });

/**
 * The cursor after the selection has changed: on the row that it was on; where that is gone or nobody has chosen one, at the end
 * of a list that grows (`follow`), else where it was.
 */
export function settled<Sort>(list: ListState<Sort>, selection: Selection, follow: boolean): ListState<Sort> {
  const last = Math.max(0, selection.size - 1);
  if (list.row === null) return { ...list, cursor: follow ? last : Math.min(list.cursor, last) };
  if (list.cursor < selection.size && selection.at(list.cursor) === list.row) return list;
  const place = selection.placeOf(list.row);
  return { ...list, cursor: place >= 0 ? place : Math.min(list.cursor, last) };
}
