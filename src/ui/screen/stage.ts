import type { ReactNode } from 'react';
import { type OutputStream, textOutput } from '../text-output.js';
import { exactly } from './ansi-text.js';
import type { InputStream, Mounted } from './mount.js';
import { createPainter } from './painter.js';
import type { Theme } from './theme.js';

/** Draws are at least so far apart: after a key, and while a run streams by itself. */
export const KEY_MS = 100;
const STREAM_MS = 500;
/** And a stream is drawn in at most this share of the time, however large the window. */
const STREAM_SHARE = 0.02;
const MOST_APART_MS = 1000;

/** A terminal's output as a screen needs it. */
export interface ScreenStream extends OutputStream {
  rows?: number;
  on(event: 'error' | 'resize', listener: (error: NodeJS.ErrnoException) => void): unknown;
  off(event: 'error' | 'resize', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

export interface StageOptions {
  stdin: InputStream;
  stdout: ScreenStream;
  theme: Theme;
  now: () => number;
  /** The terminal has gone. */
  closed(): void;
  /** What is seen before React is there. */
  firstLines(columns: number): readonly string[];
  /** Loads what makes the tree of `areas.tsx` that is drawn now; React comes with it, behind the first lines. */
  load(): Promise<() => ReactNode>;
  /** Keys that arrived together, by name. What they changed is drawn soon after. */
  onKeys(names: readonly string[]): void;
  /** It can't be drawn any more. */
  failed(error: Error): void;
}

/** A terminal that is taken: when a screen is drawn, whatever it shows, and how it comes and goes. */
export interface Stage {
  readonly columns: number;
  readonly rows: number;
  draw(): void;
  /** Draws when the last draw is `ms` ago. */
  drawWithin(ms: number): void;
  /** Something came that nobody asked for: drawn seldom enough that it costs next to nothing. */
  drawStream(): void;
  /** The next frame is written whole. */
  forget(): void;
  /** Gives the terminal back for a while, to a shell say. */
  pause(): void;
  /** Takes it again. */
  resume(): void;
  /** Gives it back for good. Later calls do nothing. */
  close(): void;
}

/** Takes the terminal and shows the first lines at once; React and Ink come a moment later. */
export function openStage(options: StageOptions): Stage {
  const { stdin, stdout, theme, now } = options;
  const painter = createPainter(textOutput(stdout, 'stdout', options.closed), theme);
  let mounted: Mounted | null = null;
  let tree: (() => ReactNode) | null = null;
  let state: 'open' | 'paused' | 'closed' = 'open';
  let drawnAt = Number.NEGATIVE_INFINITY;
  let apart = STREAM_MS;
  let timer: { due: number; handle: NodeJS.Timeout } | null = null;

  function forgetTimer(): void {
    if (timer) clearTimeout(timer.handle);
    timer = null;
  }

  const stage: Stage = {
    get columns() {
      return stdout.columns || 80;
    },
    get rows() {
      return stdout.rows || 24;
    },
    draw() {
      forgetTimer();
      if (state !== 'open') return;
      const started = now();
      try {
        const { columns, rows } = stage;
        const frame =
          mounted && tree
            ? mounted.rows(tree(), columns)
            : options.firstLines(columns).map((line) => exactly(line, columns));
        painter.paint(frame, columns, rows);
      } catch (error) {
        options.failed(error as Error);
      }
      drawnAt = now();
      apart = Math.max(STREAM_MS, Math.min(MOST_APART_MS, (drawnAt - started) / STREAM_SHARE));
    },
    drawWithin(ms) {
      if (state !== 'open') return;
      const due = drawnAt + ms;
      if (due <= now()) return stage.draw();
      if (timer && timer.due <= due) return;
      forgetTimer();
      timer = { due, handle: setTimeout(stage.draw, due - now()) };
    },
    drawStream() {
      if (now() - drawnAt >= apart) stage.draw();
      // A run that pauses is not shown as it was a while ago.
      else stage.drawWithin(apart + STREAM_MS);
    },
    forget: painter.forget,
    pause() {
      if (state !== 'open') return;
      state = 'paused';
      forgetTimer();
      painter.leave();
      if (mounted) stdin.setRawMode(false);
    },
    resume() {
      if (state === 'closed') return;
      state = 'open';
      // Whoever had the terminal in between has set it to its own needs.
      if (mounted) stdin.setRawMode(true);
      painter.enter();
      stage.draw();
    },
    close() {
      if (state === 'closed') return;
      state = 'closed';
      forgetTimer();
      stdout.off('resize', stage.draw);
      painter.leave();
      mounted?.unmount();
    },
  };

  function onKeys(names: readonly string[]): void {
    try {
      options.onKeys(names);
    } catch (error) {
      options.failed(error as Error);
    }
    // Not while Ink is still handing out keys: a draw renders anew.
    setImmediate(() => stage.drawWithin(KEY_MS));
  }

  stdout.on('resize', stage.draw);
  painter.enter();
  stage.draw();
  Promise.all([import('./mount.js'), options.load()]).then(
    ([{ mount }, loaded]) => {
      if (state === 'closed') return;
      tree = loaded;
      mounted = mount({ stdin, columns: stage.columns, onKeys });
      stage.draw();
      // The first draw is slow and says nothing of those that follow.
      apart = STREAM_MS;
    },
    (error: Error) => options.failed(error),
  );
  return stage;
}
