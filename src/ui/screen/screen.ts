import type { RecordWatch, RunEvent } from '../../pipeline/events.js';
import type { Finding, ImageRecord } from '../../pipeline/record.js';
import type { JournalHeader } from '../../pipeline/sinks/journal.js';
import type { Discovery } from '../../pipeline/stages/discover.js';
import type { ImageSource } from '../../pipeline/viewing/image-source.js';
import type { Env } from '../colours.js';
import { rateWindow } from '../rate-window.js';
import { terminalTraits } from '../terminal-traits.js';
import { type OutputStream, textOutput } from '../text-output.js';
import { exactly } from './ansi-text.js';
import { filterChoices } from './filter-choices.js';
import { createFindingTable } from './finding-table.js';
import { createImageTable, type ImageTable } from './image-table.js';
import { layoutOf } from './layout.js';
import type { Model, OpenImage, Subject } from './model.js';
import type { InputStream, Mounted } from './mount.js';
import { createPainter } from './painter.js';
import { type Facts, reduceKey, settled } from './reduce-key.js';
import { type RunState, reduceRun, STARTING } from './run-state.js';
import { createSelections } from './selections.js';
import { createTheme } from './theme.js';
import { startView, type ViewState } from './view-state.js';
import { drawHead } from './views/head.js';
import { hasPanels } from './views/image.js';
import { textOf } from './views/pages.js';

/** Draws are at least so far apart: after a key, and while a run streams by itself. */
const KEY_MS = 100;
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

export interface ScreenOptions {
  stdin: InputStream;
  stdout: ScreenStream;
  env: Env;
  subject: Subject;
  now: () => number;
  /** Ctrl-C: the first one stops the run, the second leaves. */
  interrupt(): void;
  /** Aborted by the first one, or by a signal. */
  signal: AbortSignal;
  /** The terminal has gone. */
  closed(): void;
  /** Pixels and records of a run's images. */
  images(header: JournalHeader, discovery: Discovery | null): Promise<ImageSource>;
}

export interface Screen {
  event(event: RunEvent): void;
  watch: RecordWatch;
  /** The sentence that the run comes down to. */
  verdict(text: string): void;
  /** When the user leaves it, or it can't be drawn any more: then with why. */
  readonly quit: Promise<Error | null>;
  /** Gives the terminal back. */
  close(): void;
}

/** Takes the terminal and shows the first lines at once; React and Ink come a moment later. */
export function openScreen(options: ScreenOptions): Screen {
  const { stdin, stdout, env, subject, now } = options;
  const output = textOutput(stdout, 'stdout', options.closed);
  const theme = createTheme(terminalTraits(stdout, env));
  const painter = createPainter(output, theme);
  const pace = rateWindow();
  const findings = createFindingTable();
  const selections = createSelections(now);
  let images: ImageTable = createImageTable([]);
  let annotated = 0;
  /** Since the last event: a key may ask for a draw before its progress comes, and all that is shown is of one moment. */
  let arrived: { records: ImageRecord[]; findings: Finding[] } = { records: [], findings: [] };
  let run: RunState = STARTING;
  let view: ViewState = startView(0);
  let header: JournalHeader | null = null;
  let discovery: Discovery | null = null;
  let source: Promise<ImageSource> | null = null;
  let open: OpenImage | null = null;
  let mounted: Mounted | null = null;
  let closed = false;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let apart = STREAM_MS;
  let timer: { due: number; handle: NodeJS.Timeout } | null = null;
  let leave: (error: Error | null) => void;
  const quit = new Promise<Error | null>((resolve) => {
    leave = resolve;
  });

  /** Puts what has arrived into the tables, when the figures that count it are there. */
  function takeArrived(): void {
    images.append(arrived.records);
    for (const { truth } of arrived.records) if (truth !== null) annotated++;
    for (const finding of arrived.findings) {
      findings.append(finding);
      if (finding.image !== '') images.addRule(finding.image, finding.rule);
    }
    arrived = { records: [], findings: [] };
  }

  const columns = () => stdout.columns || 80;
  const rows = () => stdout.rows || 24;
  let listed: 'findings' | 'images' = 'findings';

  function model(): Model {
    if (view.page !== 'overview') listed = view.page;
    const layout = layoutOf(columns(), rows(), listed);
    const shown = selections.of({ images, findings, view, streams: run.phase !== 'finished' });
    const follow = run.phase !== 'finished' && view.findings.sort === 'order' && !view.findings.descending;
    view = {
      ...view,
      findings: settled(view.findings, shown.findings, follow),
      images: settled(view.images, shown.images, false),
    };
    return { subject, run, view, theme, layout, images, findings, selections: shown, header, open };
  }

  function facts(current: Model): Facts {
    const { layout } = current;
    const top = view.over.at(-1);
    const text = top?.kind === 'help' || top?.kind === 'explain' ? textOf(top, layout.body.columns, theme).length : 0;
    return {
      running: run.phase !== 'finished',
      selections: current.selections,
      rows: { findings: layout.findings - 2, images: layout.images - 2, text: layout.body.rows - 1 },
      imageOfFinding: (row) => images.rowOf(findings.image(row)),
      ruleOfFinding: (row) => findings.rule(row),
      rulesOfImage: (row) => findings.about(images.image(row)).map(({ rule }) => rule),
      classes: images.classes.length,
      choices: (list) => filterChoices(list, images, findings, subject.scores),
      textLines: text,
      wide: hasPanels(layout.body.columns, layout.body.rows),
    };
  }

  function draw(): void {
    if (timer) clearTimeout(timer.handle);
    timer = null;
    if (closed) return;
    const started = now();
    try {
      const current = model();
      const frame = mounted
        ? mounted.rows({ model: current, choices: facts(current).choices, onKeys })
        : drawHead(current, columns()).map((line) => exactly(line, columns()));
      painter.paint(frame, columns(), rows());
    } catch (error) {
      leave(error as Error);
    }
    drawnAt = now();
    apart = Math.max(STREAM_MS, Math.min(MOST_APART_MS, (drawnAt - started) / STREAM_SHARE));
  }

  /** Draws when the last draw is `ms` ago. */
  function drawWithin(ms: number): void {
    if (closed) return;
    const due = drawnAt + ms;
    if (due <= now()) {
      draw();
      return;
    }
    if (timer && timer.due <= due) return;
    if (timer) clearTimeout(timer.handle);
    timer = { due, handle: setTimeout(draw, due - now()) };
  }

  function onKeys(names: readonly string[]): void {
    try {
      answer(names);
    } catch (error) {
      leave(error as Error);
    }
    // Not while Ink is still handing out keys: a draw renders anew.
    setImmediate(() => drawWithin(KEY_MS));
  }

  function answer(names: readonly string[]): void {
    for (const name of names) {
      const reduced = reduceKey(view, name, facts(model()));
      view = reduced.view;
      if (reduced.effect === 'quit') quitOrStop();
      else if (reduced.effect === 'interrupt') interrupted();
      else if (reduced.effect === 'redraw') painter.forget();
    }
    load();
  }

  function quitOrStop(): void {
    if (run.phase === 'finished') leave(null);
    else interrupted();
  }

  function interrupted(): void {
    if (run.phase === 'finished') leave(null);
    else options.interrupt();
  }

  /** Reads the image that was opened, if it is another one than before. */
  function load(): void {
    const top = view.over.findLast((over) => over.kind === 'image' || over.kind === 'paths');
    if (!top) {
      open = null;
      return;
    }
    if (open?.row === top.row || header === null) return;
    const { row } = top;
    const wanted: OpenImage = { row, view: null, findings: findings.about(images.image(row)), fault: '' };
    open = wanted;
    source ??= options.images(header, discovery);
    source
      .then((opened) => opened.image(row))
      .then(
        (pixels) => ({ ...wanted, view: pixels }),
        (error: Error) => ({ ...wanted, fault: error.message }),
      )
      .then((loaded) => {
        if (open?.row !== row) return;
        open = loaded;
        drawWithin(KEY_MS);
      });
  }

  const resized = () => draw();
  const aborted = () => {
    if (run.phase === 'finished') leave(null);
    else run = { ...run, phase: 'stopping' };
    // Said at once: what is in flight may be done before the next draw is due.
    setImmediate(draw);
  };
  stdout.on('resize', resized);
  options.signal.addEventListener('abort', aborted);
  draw();
  import('./mount.js').then(
    ({ mount }) => {
      if (closed) return;
      const current = model();
      mounted = mount(stdin, { model: current, choices: facts(current).choices, onKeys });
      draw();
      // The first draw is slow and says nothing of those that follow.
      apart = STREAM_MS;
    },
    (error: Error) => leave(error),
  );

  return {
    event(event) {
      if (event.type === 'finding') {
        arrived.findings.push(event.finding);
        return;
      }
      takeArrived();
      const current = event.type === 'progress' ? pace(event.progress) : run.pace;
      run = reduceRun(run, { event, pace: current, annotated });
      if (event.type === 'finished' && view.findings.row === null && view.findings.sort === 'order') {
        // Nobody has looked through them yet: the worst come first now.
        view = { ...view, findings: { ...view.findings, sort: 'severity', cursor: 0 } };
      }
      // The work that follows keeps the thread busy: it is said before.
      if (event.type === 'finishing') draw();
      else if (event.type !== 'progress' || run.phase === 'finished') drawWithin(KEY_MS);
      else if (now() - drawnAt >= apart) draw();
      // A run that pauses is not shown as it was a while ago.
      else drawWithin(apart + STREAM_MS);
    },
    watch: {
      started(given, folders) {
        header = given;
        discovery = folders;
        const chosen = given.dataset.classes.filter(({ key }) => given.classes.includes(key));
        images = createImageTable(chosen);
        // Lesions are what people look at; beside them the lung is their ground.
        const lesion = chosen.findIndex(({ index }) => given.dataset.layout === 'covid-qu-ex' && index >= 2);
        view = { ...view, focus: Math.max(0, lesion) };
      },
      records(records) {
        arrived.records.push(...records);
      },
    },
    verdict(text) {
      run = { ...run, verdict: text };
      drawWithin(KEY_MS);
    },
    quit,
    close() {
      if (closed) return;
      closed = true;
      if (timer) clearTimeout(timer.handle);
      stdout.off('resize', resized);
      options.signal.removeEventListener('abort', aborted);
      painter.leave();
      mounted?.unmount();
      source?.then((opened) => opened.close()).catch(() => undefined);
    },
  };
}
