import { count } from '../../../pipeline/words/figures.js';
import { visible } from '../../../pipeline/words/visible-text.js';
import { pad, truncate } from '../../display-width.js';
import { idleActions } from '../idle-actions.js';
import { keysAt } from '../key-table.js';
import type { Model } from '../model.js';
import { keyLine } from '../parts/key-help.js';
import { tabLine } from '../parts/tabs.js';
import type { Facts } from '../reduce-key.js';
import { placeOf } from '../view-state.js';

export function drawTabs({ view, theme, findings, images }: Model, width: number): string[] {
  const tabs = [
    ['overview', '1 Overview'],
    ['findings', `2 Findings ${count(findings.size)}`],
    ['images', `3 Images ${count(images.size)}`],
  ] as const;
  return [tabLine(tabs, view.page, width, theme)];
}

/** From the fullest to the shortest way to ask whether a run that still works should stop. */
const QUESTIONS = [
  'Still measuring. q again stops: what is done is written, --resume goes on. Any other key: stay.',
  'Still measuring. q again stops (--resume goes on); any other key stays.',
  'q again stops; any other key stays',
] as const;

/** The keys that work now, or the line that is typed, or the question that waits. */
export function drawFoot(model: Model, facts: Facts, width: number): string[] {
  const { view, theme, run, selections } = model;
  const { prompt } = view;
  if (prompt?.kind === 'search') {
    const found = ` ${count(selections[prompt.list].size)} found; enter keeps it, esc clears`;
    const text = truncate(`/${visible(prompt.text)}`, Math.max(1, width - 1));
    const line = `${text}_`;
    return [`${theme.bold(line)}${theme.dim(truncate(found, Math.max(0, width - line.length)))}`];
  }
  if (prompt?.kind === 'quit') {
    const [long, short, least] = QUESTIONS;
    const words = [long, short].find((question) => question.length <= width) ?? least;
    return [theme.severity('warning', truncate(words, width))];
  }
  if (run.phase === 'stopping') {
    return [theme.severity('warning', pad(truncate('Stopping; Ctrl-C again leaves at once', width), width))];
  }
  return [keyLine(keysAt(placeOf(view), idleActions(view, facts)), width, theme)];
}
