import type { Action } from './key-table.js';
import type { Facts } from './reduce-key.js';
import { NO_FILTER } from './selection.js';
import type { ListName, ViewState } from './view-state.js';

/** Actions whose keys would change nothing now: the footer leaves them out. */
export function idleActions(view: ViewState, facts: Facts): Set<Action> {
  const top = view.over.at(-1);
  const idle = new Set<Action>();
  const leaveOut = (...actions: Action[]) => {
    for (const action of actions) idle.add(action);
  };
  if (facts.classes < 2) leaveOut('focus');
  if (top?.kind === 'image') {
    if (!facts.wide) leaveOut('all');
    if (!facts.scores) leaveOut('all', 'predicted', 'difference');
    if (facts.ofImages) leaveOut('difference', 'zoom', 'focus');
    if (facts.rulesOfImage(top.row).length === 0) leaveOut('explain');
    return idle;
  }
  if (top?.kind === 'filter') return unfiltered(view, top.list) ? idle.add('clear') : idle;
  if (top || view.page === 'overview') return facts.textBelow ? idle : idle.add('down');
  if (unfiltered(view, view.page)) leaveOut('clear');
  if (facts.selections[view.page].size === 0) leaveOut('open', 'paths', 'explain', 'sort');
  return idle;
}

function unfiltered(view: ViewState, list: ListName): boolean {
  const { filter } = view[list];
  return (Object.keys(NO_FILTER) as (keyof typeof NO_FILTER)[]).every((by) => filter[by] === NO_FILTER[by]);
}
