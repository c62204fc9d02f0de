import { actionAt } from '../../screen/parts/placed-keys.js';
import { moved } from '../../screen/parts/scrolled.js';
import { type Action, type Page, type Place, TRAIN_KEYS } from './train-keys.js';

/** What lies over a page; `esc` takes it away. */
export type Over = { kind: 'help'; scroll: number } | { kind: 'explain'; rule: string; scroll: number };

export interface TrainViewState {
  page: Page;
  /** The chosen curve, which keys go to and which `zoom` shows alone. */
  curve: number;
  zoomed: boolean;
  /** Of the scores, in lines. */
  scroll: number;
  /** The chosen finding; null: the last one. */
  finding: number | null;
  over: readonly Over[];
  /** Whether the question waits if a training that goes on should stop. */
  asks: boolean;
}

export const FIRST_VIEW: TrainViewState = {
  page: 'curves',
  curve: 0,
  zoomed: false,
  scroll: 0,
  finding: null,
  over: [],
  asks: false,
};

/** What keys need to know of what is shown. */
export interface TrainFacts {
  /** Whether the training still works: then `q` asks. */
  running: boolean;
  curves: number;
  /** Curves side by side: what `up` and `down` go by. */
  curvesAcross: number;
  /** The rule of each finding. */
  rules: readonly string[];
  /** Lines that are seen of a page of text, and how far it can be scrolled. */
  rows: number;
  textScroll: number;
}

export type Effect = 'quit' | 'interrupt' | 'suspend' | 'redraw' | null;

export function placeOf(view: TrainViewState): Place {
  return view.over.at(-1)?.kind ?? view.page;
}

/** Place of the chosen finding among `findings`. */
export function chosenFinding({ finding }: TrainViewState, findings: number): number {
  return Math.max(0, Math.min(finding ?? findings, findings - 1));
}

/** What a key does to the view. Pure. */
export function reduceTrainKey(
  view: TrainViewState,
  key: string,
  facts: TrainFacts,
): { view: TrainViewState; effect: Effect } {
  if (key === 'ctrl-c') return { view: { ...view, asks: false }, effect: 'interrupt' };
  if (key === 'ctrl-z') return { view, effect: 'suspend' };
  if (view.asks) return { view: { ...view, asks: false }, effect: key === 'q' ? 'quit' : null };
  const action = actionAt(TRAIN_KEYS, key, placeOf(view));
  if (action === 'redraw') return { view, effect: 'redraw' };
  if (action === 'quit') {
    return facts.running ? { view: { ...view, asks: true }, effect: null } : { view, effect: 'quit' };
  }
  return { view: action === null ? view : act(view, action, facts), effect: null };
}

const PAGES = ['curves', 'scores', 'findings'] as const;

function act(view: TrainViewState, action: Action, facts: TrainFacts): TrainViewState {
  const top = view.over.at(-1);
  switch (action) {
    case 'curves':
    case 'scores':
    case 'findings':
      return { ...view, page: action };
    case 'nextPage':
    case 'previousPage': {
      const step = action === 'nextPage' ? 1 : -1;
      return { ...view, page: PAGES[(PAGES.indexOf(view.page) + step + PAGES.length) % PAGES.length] };
    }
    case 'help':
      return top?.kind === 'help' ? popped(view) : pushed(view, { kind: 'help', scroll: 0 });
    case 'back':
      return popped(view);
    case 'zoom':
      return { ...view, zoomed: !view.zoomed };
    case 'next':
    case 'previous':
      return { ...view, curve: moved(view.curve, action === 'next' ? 'down' : 'up', 1, facts.curves) };
    case 'explain': {
      const rule = facts.rules[chosenFinding(view, facts.rules.length)];
      return rule === undefined ? view : pushed(view, { kind: 'explain', rule, scroll: 0 });
    }
    default:
      return moves(view, action, facts);
  }
}

function moves(view: TrainViewState, action: Action, facts: TrainFacts): TrainViewState {
  const top = view.over.at(-1);
  const scroll = (from: number) => moved(from, action, facts.rows, facts.textScroll + 1);
  if (top) return { ...view, over: [...view.over.slice(0, -1), { ...top, scroll: scroll(top.scroll) }] };
  if (view.page === 'scores') return { ...view, scroll: scroll(view.scroll) };
  if (view.page === 'findings') {
    const { length } = facts.rules;
    return length === 0 ? view : { ...view, finding: moved(chosenFinding(view, length), action, facts.rows, length) };
  }
  // A line of curves is what a list has as a line.
  const across = view.zoomed ? 1 : facts.curvesAcross;
  if (action === 'up' && view.curve < across) return view;
  if (action === 'down' && view.curve + across >= facts.curves) return view;
  const step = action === 'up' ? -across : action === 'down' ? across : 0;
  return { ...view, curve: step !== 0 ? view.curve + step : moved(view.curve, action, across + 1, facts.curves) };
}

const pushed = (view: TrainViewState, over: Over): TrainViewState => ({ ...view, over: [...view.over, over] });
const popped = (view: TrainViewState): TrainViewState => ({ ...view, over: view.over.slice(0, -1) });
