import type { TrainEvent } from '../../../pipeline/training/train-events.js';
import type { Env } from '../../colours.js';
import { rateWindow } from '../../rate-window.js';
import type { InputStream } from '../../screen/mount.js';
import { KEY_MS, openStage, type ScreenStream } from '../../screen/stage.js';
import { createTheme } from '../../screen/theme.js';
import { terminalTraits } from '../../terminal-traits.js';
import { WINDOW_MS } from '../train-view.js';
import { metricCurves } from './curves.js';
import { plotGrid, trainLayout } from './train-layout.js';
import type { TrainModel, TrainSubject } from './train-model.js';
import { reduceTrain, STARTING, type TrainState } from './train-state.js';
import { FIRST_VIEW, reduceTrainKey, type TrainFacts, type TrainViewState } from './train-view-state.js';
import { drawTrainHead } from './views/head.js';
import { scoreLines } from './views/scores.js';

export interface TrainScreenOptions {
  stdin: InputStream;
  stdout: ScreenStream;
  env: Env;
  subject: TrainSubject;
  now: () => number;
  /** Ctrl-C: the first one finishes the step and saves, the second leaves. */
  interrupt(): void;
  /** Ctrl-Z: the process sleeps in the background of its shell. */
  suspend(): void;
  /** Aborted by the first one, or by a signal. */
  signal: AbortSignal;
  /** The terminal has gone. */
  closed(): void;
}

export interface TrainScreen {
  event(event: TrainEvent): void;
  /** The sentence that the training comes down to. */
  verdict(text: string): void;
  /** When the user leaves it, or it can't be drawn any more: then with why. */
  readonly quit: Promise<Error | null>;
  /** Gives the terminal back for a while, and takes it again. */
  pause(): void;
  resume(): void;
  /** Gives the terminal back. */
  close(): void;
}

/** The screen of a training: what happens and which keys are pressed goes in, what is seen is a function of both. */
export function openTrainScreen(options: TrainScreenOptions): TrainScreen {
  const { stdin, stdout, env, subject, now } = options;
  const theme = createTheme(terminalTraits(stdout, env));
  const auditPace = rateWindow();
  const trainPace = rateWindow(WINDOW_MS);
  let state: TrainState = STARTING;
  let view: TrainViewState = FIRST_VIEW;
  let drawText: typeof import('./app.js').textOf | null = null;
  let leave: (error: Error | null) => void;
  const quit = new Promise<Error | null>((resolve) => {
    leave = resolve;
  });

  const model = (): TrainModel => ({ subject, state, view, theme, layout: trainLayout(stage.columns, stage.rows) });

  function facts(current: TrainModel): TrainFacts {
    const { layout } = current;
    const curves = metricCurves(state).length;
    const { rows, lines } = textBelow(current);
    return {
      running: state.phase !== 'finished',
      curves,
      // The last line of the curves says which is which.
      curvesAcross: plotGrid(curves, layout.curves, layout.body.rows - 1).across,
      rules: state.findings.map(({ rule }) => rule),
      rows,
      textScroll: lines <= rows ? 0 : lines - rows + 1,
    };
  }

  /** The lines of the text that keys scroll, and how many are seen; one of these is lost to how many there are. */
  function textBelow({ layout, ...rest }: TrainModel): { rows: number; lines: number } {
    const top = view.over.at(-1);
    if (top) return { rows: layout.body.rows, lines: drawText?.(top, layout.body.columns, theme).length ?? 0 };
    if (view.page !== 'scores') return { rows: layout.findings - 1, lines: 0 };
    return { rows: layout.scores, lines: scoreLines({ layout, ...rest }, layout.side, layout.scores).length };
  }

  function answer(names: readonly string[]): void {
    for (const name of names) {
      const reduced = reduceTrainKey(view, name, facts(model()));
      view = reduced.view;
      if (reduced.effect === 'quit' || reduced.effect === 'interrupt') stopOrLeave();
      else if (reduced.effect === 'suspend') options.suspend();
      else if (reduced.effect === 'redraw') stage.forget();
    }
  }

  function stopOrLeave(): void {
    if (state.phase === 'finished') leave(null);
    else options.interrupt();
  }

  const stage = openStage({
    stdin,
    stdout,
    theme,
    now,
    closed: options.closed,
    firstLines: (columns) => drawTrainHead({ state, subject, theme }, columns),
    async load() {
      const app = await import('./app.js');
      drawText = app.textOf;
      return () => {
        const current = model();
        return app.trainTree({ model: current, facts: facts(current) });
      };
    },
    onKeys: answer,
    failed: (error) => leave(error),
  });
  const aborted = () => {
    if (state.phase === 'finished') leave(null);
    else state = { ...state, phase: 'stopping' };
    // Said at once: the step may be done before the next draw is due.
    setImmediate(stage.draw);
  };
  options.signal.addEventListener('abort', aborted);

  function paceOf(event: TrainEvent): TrainState['pace'] {
    if (event.type === 'progress') return trainPace(event.progress.work);
    return event.type === 'audit' && event.event.type === 'progress' ? auditPace(event.event.progress) : state.pace;
  }

  return {
    event(event) {
      state = reduceTrain(state, event, paceOf(event));
      // Whether it should stop is no question any more.
      if (event.type === 'finished') view = { ...view, asks: false };
      if (event.type === 'finishing') stage.draw();
      else if (event.type === 'progress' || event.type === 'audit') stage.drawStream();
      else stage.drawWithin(KEY_MS);
    },
    verdict(text) {
      state = { ...state, verdict: text };
      stage.drawWithin(KEY_MS);
    },
    quit,
    pause: stage.pause,
    resume: stage.resume,
    close() {
      options.signal.removeEventListener('abort', aborted);
      stage.close();
    },
  };
}
