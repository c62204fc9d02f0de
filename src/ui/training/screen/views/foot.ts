import { count } from '../../../../pipeline/words/figures.js';
import { pad, truncate } from '../../../display-width.js';
import { keyLine } from '../../../screen/parts/key-help.js';
import { entriesAt } from '../../../screen/parts/placed-keys.js';
import { tabLine } from '../../../screen/parts/tabs.js';
import { type Action, TRAIN_KEYS } from '../train-keys.js';
import type { TrainModel } from '../train-model.js';
import { placeOf, type TrainFacts } from '../train-view-state.js';

export function drawTrainTabs({ view, theme, state }: TrainModel, width: number): string[] {
  const found = state.findings.length > 0 ? ` ${count(state.findings.length)}` : '';
  const tabs = [
    ['curves', '1 Curves'],
    ['scores', '2 Scores'],
    ['findings', `3 Findings${found}`],
  ] as const;
  return [tabLine(tabs, view.page, width, theme)];
}

/** From the fullest to the shortest way to ask whether a training that still works should stop. */
const QUESTIONS = [
  'Still training. q again stops: the step is finished and saved, --resume goes on. Any other key: stay.',
  'Still training. q again stops (--resume goes on); any other key stays.',
  'q again stops; any other key stays',
] as const;

/** The keys that work now, or the question that waits. */
export function drawTrainFoot(model: TrainModel, facts: TrainFacts, width: number): string[] {
  const { view, theme, state } = model;
  if (view.asks) {
    const words = QUESTIONS.find((question) => question.length <= width) ?? QUESTIONS[QUESTIONS.length - 1];
    return [theme.severity('warning', truncate(words, width))];
  }
  if (state.phase === 'stopping') {
    return [theme.severity('warning', pad(truncate('Stopping; Ctrl-C again leaves at once', width), width))];
  }
  return [keyLine(entriesAt(TRAIN_KEYS, placeOf(view), idle(model, facts)), width, theme)];
}

/** Actions whose keys would change nothing now. */
function idle({ view }: TrainModel, facts: TrainFacts): Set<Action> {
  const actions = new Set<Action>();
  if (facts.curves < 2) for (const action of ['next', 'zoom'] as const) actions.add(action);
  if (facts.rules.length === 0) actions.add('explain');
  const scroll = view.over.at(-1)?.scroll ?? view.scroll;
  if (scroll >= facts.textScroll) actions.add('down');
  return actions;
}
