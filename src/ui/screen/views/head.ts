import path from 'node:path';
import { counted, duration, rate } from '../../../pipeline/words/figures.js';
import { visible } from '../../../pipeline/words/visible-text.js';
import { displayWidth, truncate, truncateStart } from '../../display-width.js';
import { progressLine, stateCounts } from '../../progress-line.js';
import type { Model } from '../model.js';
import type { Phase } from '../run-state.js';

const PHASES: Record<Phase, string> = {
  starting: 'looking at folders',
  measuring: 'measuring',
  stopping: 'stopping: what is in flight is finished and written',
  finishing: 'writing',
  finished: 'done',
};

/** What is audited and the state of it, progress, and what computes: three lines. */
export function drawHead(model: Pick<Model, 'run' | 'subject' | 'theme'>, width: number): string[] {
  return [titleLine(model, width), progress(model, width), workLine(model, width)];
}

type Given = Pick<Model, 'run' | 'subject' | 'theme'>;

function titleLine({ run, subject, theme }: Given, width: number): string {
  const name = `maskaudit ${subject.command}`;
  const state = run.interrupted ? 'interrupted' : PHASES[run.phase];
  const room = width - name.length - 4;
  const words = truncate(state, room);
  const dataset = truncateStart(visible(subject.dataset), Math.max(0, room - displayWidth(words)));
  const space = ' '.repeat(Math.max(2, width - name.length - 2 - displayWidth(dataset) - displayWidth(words)));
  const loud = run.phase === 'stopping' || run.interrupted;
  return `${theme.bold(name)}  ${dataset}${space}${loud ? theme.severity('warning', words) : theme.key(words)}`;
}

function progress({ run, subject, theme }: Given, width: number): string {
  if (run.progress === null) return theme.dim('  ...');
  if (run.phase === 'finished') {
    const { done, elapsedMs, measured } = run.progress;
    // Nothing was measured where a finished run is read again.
    const pace = measured > 0 ? ` in ${duration(elapsedMs)}, ${rate((measured / elapsedMs) * 1000)} images/s` : '';
    const parts = [counted(done, 'image') + pace, subject.scores ? stateCounts(run.progress) : ''];
    return truncate(parts.filter((part) => part !== '').join('; '), width);
  }
  // What is written at the end takes a time of its own.
  const pace = run.phase === 'finishing' ? { perSecond: null, leftMs: null } : run.pace;
  return progressLine(run.progress, pace, { columns: width + 1, unicode: theme.unicode }).trimStart();
}

function workLine({ run, subject, theme }: Given, width: number): string {
  const { engine, discovered } = run;
  const parts: string[] = [];
  if (engine) {
    const { engine: name, version, device, model, inputWidth, inputHeight, batch } = engine;
    const size = inputWidth === null || inputHeight === null ? 'any size' : `${inputWidth}x${inputHeight}`;
    parts.push(`${name} ${version} on ${device}`, `${path.basename(model)}, input ${size}, batch ${batch}`);
  } else parts.push(subject.work);
  if (discovered) {
    const { layout, subset, splits } = discovered;
    parts.push(layout === 'covid-qu-ex' ? `${layout}, ${subset} subset` : layout);
    const names = Object.entries(splits).filter(([name]) => name !== '');
    parts.push(names.map(([name, n]) => `${name} ${n.toLocaleString('en-US')}`).join(', '));
  }
  return theme.dim(truncate(visible(parts.filter((part) => part !== '').join('; ')), width));
}
