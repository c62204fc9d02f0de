import type { RecordWatch, RunEvent } from '../../pipeline/events.js';
import type { Finding, ImageRecord } from '../../pipeline/record.js';
import type { JournalHeader } from '../../pipeline/sinks/journal.js';
import type { Discovery } from '../../pipeline/stages/discover.js';
import type { ImageSource } from '../../pipeline/viewing/image-source.js';
import type { Env } from '../colours.js';
import { rateWindow } from '../rate-window.js';
import { terminalTraits } from '../terminal-traits.js';
import { filterChoices } from './filter-choices.js';
import { createFindingTable } from './finding-table.js';
import { createGroupSums, type GroupSums } from './group-sums.js';
import { createImageTable, firstFocus, type ImageTable, listedClasses } from './image-table.js';
import { layoutOf } from './layout.js';
import { isOfImages, type Model, type OpenImage, type Subject } from './model.js';
import type { InputStream } from './mount.js';
import { type Facts, reduceKey, settled } from './reduce-key.js';
import { type RunState, reduceRun, STARTING } from './run-state.js';
import { createSelections } from './selections.js';
import { KEY_MS, openStage, type ScreenStream } from './stage.js';
import { createTheme } from './theme.js';
import { startView, type ViewState } from './view-state.js';
import { drawHead } from './views/head.js';
import { hasPanels } from './views/image.js';
import { overviewLines } from './views/overview.js';
import { textOf } from './views/pages.js';

export interface ScreenOptions {
  stdin: InputStream;
  stdout: ScreenStream;
  env: Env;
  subject: Subject;
  now: () => number;
  /** Ctrl-C: the first one stops the run, the second leaves. */
  interrupt(): void;
  /** Ctrl-Z: the process sleeps in the background of its shell. */
  suspend(): void;
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
  /** Gives the terminal back for a while, and takes it again. */
  pause(): void;
  resume(): void;
  /** Gives the terminal back. */
  close(): void;
}

/** The screen of a run: what happens and which keys are pressed goes in, what is seen is a function of both. */
export function openScreen(options: ScreenOptions): Screen {
  const { stdin, stdout, env, subject, now } = options;
  const theme = createTheme(terminalTraits(stdout, env));
  const pace = rateWindow();
  const findings = createFindingTable();
  const selections = createSelections(now);
  let images: ImageTable = createImageTable([]);
  let groups: GroupSums = createGroupSums([]);
  let annotated = 0;
  /** Since the last event: a key may ask for a draw before its progress comes, and all that is shown is of one moment. */
  let arrived: { records: ImageRecord[]; findings: Finding[] } = { records: [], findings: [] };
  let run: RunState = STARTING;
  let view: ViewState = startView(0);
  let header: JournalHeader | null = null;
  let discovery: Discovery | null = null;
  let source: Promise<ImageSource> | null = null;
  let open: OpenImage | null = null;
  let leave: (error: Error | null) => void;
  const quit = new Promise<Error | null>((resolve) => {
    leave = resolve;
  });

  /** Puts what has arrived into the tables, when the figures that count it are there. */
  function takeArrived(): void {
    images.append(arrived.records);
    for (const record of arrived.records) {
      groups.add(record);
      if (record.truth !== null) annotated++;
    }
    for (const finding of arrived.findings) {
      findings.append(finding);
      if (finding.image !== '') images.addRule(finding.image, finding.rule);
    }
    arrived = { records: [], findings: [] };
  }

  let listed: 'findings' | 'images' = 'findings';

  function model(): Model {
    if (view.page !== 'overview') listed = view.page;
    const layout = layoutOf(stage.columns, stage.rows, listed);
    const shown = selections.of({ images, findings, view, streams: run.phase !== 'finished' });
    const follow = run.phase !== 'finished' && view.findings.sort === 'order' && !view.findings.descending;
    view = {
      ...view,
      findings: settled(view.findings, shown.findings, follow),
      images: settled(view.images, shown.images, false),
    };
    return { subject, run, view, theme, layout, images, findings, groups, selections: shown, header, open };
  }

  function facts(current: Model): Facts {
    const { layout } = current;
    const { textScroll, scroll } = scrollOf(current);
    return {
      running: run.phase !== 'finished',
      selections: current.selections,
      rows: { findings: layout.findings - 2, images: layout.images - 2, text: layout.body.rows - 1 },
      imageOfFinding: (row) => images.rowOf(findings.image(row)),
      ruleOfFinding: (row) => findings.rule(row),
      rulesOfImage: (row) => findings.about(images.image(row)).map(({ rule }) => rule),
      classes: images.classes.length,
      choices: (list) => filterChoices(list, images, findings, subject.scores),
      textScroll,
      textBelow: scroll < textScroll,
      scores: subject.scores,
      wide: hasPanels(layout.body.columns, layout.body.rows),
      ofImages: isOfImages(current),
    };
  }

  /** How far the text that is seen is scrolled, and can be. A page of text has a heading above it, the overview a line below. */
  function scrollOf(current: Model): { textScroll: number; scroll: number } {
    const { body, overview } = current.layout;
    const top = view.over.at(-1);
    if (top?.kind === 'help' || top?.kind === 'explain') {
      const lines = textOf(top, body.columns, theme).length;
      return { textScroll: Math.max(0, lines - body.rows + 1), scroll: top.scroll };
    }
    if (top || view.page !== 'overview') return { textScroll: 0, scroll: 0 };
    const lines = overviewLines(current, overview, body.rows).length;
    return { textScroll: lines <= body.rows ? 0 : lines - body.rows + 1, scroll: view.scroll };
  }

  function answer(names: readonly string[]): void {
    for (const name of names) {
      const reduced = reduceKey(view, name, facts(model()));
      view = reduced.view;
      if (reduced.effect === 'quit') quitOrStop();
      else if (reduced.effect === 'interrupt') interrupted();
      else if (reduced.effect === 'suspend') options.suspend();
      else if (reduced.effect === 'redraw') stage.forget();
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
        stage.drawWithin(KEY_MS);
      });
  }

  const stage = openStage({
    stdin,
    stdout,
    theme,
    now,
    closed: options.closed,
    firstLines: (columns) => drawHead({ run, subject, theme }, columns),
    async load() {
      const { runTree } = await import('./app.js');
      return () => {
        const current = model();
        return runTree({ model: current, facts: facts(current) });
      };
    },
    onKeys: answer,
    failed: (error) => leave(error),
  });
  const aborted = () => {
    if (run.phase === 'finished') leave(null);
    else run = { ...run, phase: 'stopping' };
    // Said at once: what is in flight may be done before the next draw is due.
    setImmediate(stage.draw);
  };
  options.signal.addEventListener('abort', aborted);

  return {
    event(event) {
      if (event.type === 'finding') {
        arrived.findings.push(event.finding);
        return;
      }
      takeArrived();
      const current = event.type === 'progress' ? pace(event.progress) : run.pace;
      run = reduceRun(run, { event, pace: current, annotated });
      // Whether it should stop is no question any more.
      if (event.type === 'finished' && view.prompt?.kind === 'quit') view = { ...view, prompt: null };
      if (event.type === 'finished' && view.findings.row === null && view.findings.sort === 'order') {
        // Nobody has looked through them yet: the worst come first now.
        view = { ...view, findings: { ...view.findings, sort: 'severity', cursor: 0 } };
      }
      // The work that follows keeps the thread busy: it is said before.
      if (event.type === 'finishing') stage.draw();
      else if (event.type === 'progress' && run.phase !== 'finished') stage.drawStream();
      else stage.drawWithin(KEY_MS);
    },
    watch: {
      started(given, folders) {
        header = given;
        discovery = folders;
        const listed = listedClasses(given);
        images = createImageTable(listed);
        groups = createGroupSums(images.classes);
        view = { ...view, focus: firstFocus(given, listed) };
      },
      records(records) {
        for (const record of records) arrived.records.push(record);
      },
    },
    verdict(text) {
      run = { ...run, verdict: text };
      stage.drawWithin(KEY_MS);
    },
    quit,
    pause: stage.pause,
    resume: stage.resume,
    close() {
      options.signal.removeEventListener('abort', aborted);
      stage.close();
      source?.then((opened) => opened.close()).catch(() => undefined);
      source = null;
    },
  };
}
