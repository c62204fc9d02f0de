import { count, duration } from '../../../../pipeline/words/figures.js';
import { visible } from '../../../../pipeline/words/visible-text.js';
import { displayWidth, truncate, truncateStart } from '../../../display-width.js';
import { bar, paceWords, progressLine } from '../../../progress-line.js';
import { digits } from '../../train-lines.js';
import type { TrainModel } from '../train-model.js';
import type { TrainPhase } from '../train-state.js';

type Given = Pick<TrainModel, 'state' | 'subject' | 'theme'>;

const PHASES: Record<TrainPhase, string> = {
  starting: 'looking at the data',
  auditing: 'auditing the data',
  training: 'training',
  stopping: 'stopping: the step is finished and saved',
  finishing: 'writing the model',
  finished: 'done',
};

/** What is trained on and the state of it, how far it is, and what computes: three lines. */
export function drawTrainHead(model: Given, width: number): string[] {
  return [titleLine(model, width), progress(model, width), workLine(model, width)];
}

function titleLine({ state, subject, theme }: Given, width: number): string {
  const name = `maskaudit ${subject.command}`;
  const said = state.interrupted ? 'interrupted' : PHASES[state.phase];
  const validates = state.phase === 'training' && state.progress?.pass === 'val';
  const room = width - name.length - 4;
  const words = truncate(validates ? 'validating' : said, room);
  const dataset = truncateStart(visible(subject.dataset), Math.max(0, room - displayWidth(words)));
  const space = ' '.repeat(Math.max(2, width - name.length - 2 - displayWidth(dataset) - displayWidth(words)));
  const loud = state.phase === 'stopping' || state.interrupted;
  return `${theme.bold(name)}  ${dataset}${space}${loud ? theme.severity('warning', words) : theme.key(words)}`;
}

const BAR = { least: 6, most: 30 };

/** `34 % ███░░░ epoch 2/3, step 12/40  31.2 images/s  2 min 05 s left`; what has no room goes from the right, after the bar. */
function progress({ state, theme }: Given, width: number): string {
  const { progress: now, plan, audit, pace, history, seconds } = state;
  if (state.phase === 'finished') {
    const time = seconds === null ? '' : ` in ${duration(seconds * 1000)}`;
    return truncate(`${count(history.length)} of ${count(plan?.epochs ?? history.length)} epochs${time}`, width);
  }
  if (now === null) {
    if (audit === null || plan !== null) return theme.dim(plan === null ? '  ...' : '  loading');
    return progressLine(audit, pace, { columns: width + 1, unicode: theme.unicode }).trimStart();
  }
  const pass = now.pass === 'val' ? 'validation ' : '';
  const parts = [
    `epoch ${now.epoch}/${plan?.epochs ?? '?'}, ${pass}step ${count(now.step)}/${count(now.steps)}`,
    ...(state.phase === 'finishing' ? [] : paceWords(pace, 'images/s')),
  ];
  const done = now.work.total === 0 ? 1 : now.work.done / now.work.total;
  const percent = `${done >= 1 ? 100 : Math.min(99, Math.floor(done * 100))} %`;
  while (parts.length > 1 && percent.length + BAR.least + 2 + parts.join('  ').length > width) parts.pop();
  const text = parts.join('  ');
  const room = Math.min(BAR.most, width - percent.length - text.length - 3);
  const drawn = room < BAR.least ? '' : `${bar(done, room, theme.unicode)} `;
  return truncate(`${percent} ${drawn}${text}`, width);
}

/** Loss, learning rate, memory, then the network and what it runs on. */
function workLine({ state, theme }: Given, width: number): string {
  const { progress: now, trainer, plan, history } = state;
  const rate = now?.learningRate ?? history.at(-1)?.learningRate;
  const parts = [
    now ? `loss ${digits(now.meanLoss)}` : '',
    rate === undefined ? '' : `rate ${digits(rate)}`,
    now ? `${(now.memoryBytes / 1e9).toFixed(1)} GB` : '',
    trainer ? `${trainer.network} on ${trainer.info.engine} (${trainer.info.device})` : '',
    trainer ? `${count(trainer.info.parameters)} weights` : '',
    plan ? `batch ${plan.batch}` : '',
  ].filter((part) => part !== '');
  return theme.dim(truncate(visible(parts.join(', ')), width));
}
