import { type Filter, type FindingSort, type ImageSort, NO_FILTER } from './selection.js';

/** The three pages that are always there, and the lists that two of them hold. */
export type Page = 'overview' | 'findings' | 'images';
export type ListName = Exclude<Page, 'overview'>;

export interface ListState<Sort> {
  /** Place of the cursor in the selection. */
  cursor: number;
  /** Row under the cursor, so that it stays there when others come or go; null where nobody has moved it. */
  row: number | null;
  filter: Filter;
  sort: Sort;
  descending: boolean;
}

/** What of the label maps lies over the picture. `all`: the three beside each other, where there is room. */
export type Layer = 'none' | 'truth' | 'predicted' | 'difference' | 'all';

/** A page on top of the others; `esc` takes it away. */
export type Over =
  | { kind: 'image'; from: ListName; row: number; finding: number }
  | { kind: 'explain'; rule: string; scroll: number }
  | { kind: 'help'; scroll: number }
  | { kind: 'filter'; list: ListName; line: number }
  | { kind: 'paths'; row: number };

export interface ViewState {
  page: Page;
  /** Of the overview, in lines. */
  scroll: number;
  findings: ListState<FindingSort>;
  images: ListState<ImageSort>;
  /** Place of the class in focus among the classes of the image table. */
  focus: number;
  /** The last one is seen. */
  over: readonly Over[];
  layer: Layer;
  zoomed: boolean;
  /** A line that is typed, or a question that waits for a key. */
  prompt: { kind: 'search'; list: ListName; text: string } | { kind: 'quit' } | null;
}

export function startView(focus: number): ViewState {
  return {
    page: 'overview',
    scroll: 0,
    findings: { cursor: 0, row: null, filter: NO_FILTER, sort: 'order', descending: false },
    images: { cursor: 0, row: null, filter: NO_FILTER, sort: 'order', descending: false },
    focus,
    over: [],
    layer: 'all',
    zoomed: false,
    prompt: null,
  };
}

/** Where keys go. */
export type Place = Page | Over['kind'];

export function placeOf(view: ViewState): Place {
  return view.over.at(-1)?.kind ?? view.page;
}
