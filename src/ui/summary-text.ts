import path from 'node:path';
import type { EngineInfo } from '../pipeline/engines/engine.js';
import type { AuditRequest, RunResult } from '../pipeline/requests.js';
import type { ClassSummary, Summary } from '../pipeline/summary.js';
import { count, counted, duration, score } from '../pipeline/words/figures.js';
import { probedClasses } from '../pipeline/words/probe.js';
import { stageWords } from '../pipeline/words/stages.js';
import {
  isLost,
  scoredPositives,
  spokenClasses,
  type Verdict,
  verdict,
  worstFirst,
} from '../pipeline/words/verdict.js';
import { visible } from '../pipeline/words/visible-text.js';
import { balanceTable, imageBalanceTable, imageScoreTable, scoreTable } from './class-table.js';
import { colours } from './colours.js';
import { commandLine, resumeCommand } from './command-line.js';
import { displayWidth, truncate, wrap } from './display-width.js';
import { bySeverity, findingLines, severityCounts, worstRules } from './finding-lines.js';
import { thresholdTables } from './threshold-table.js';

/** What people are promised: the whole summary on one look. */
export const SUMMARY_LINES = 12;

/** Narrower than this nothing is laid out; the terminal breaks the lines then. */
const LEAST_COLUMNS = 40;

/** What the text says beside the figures of the result. */
export interface SummaryOptions {
  request: Pick<AuditRequest, 'command' | 'root' | 'model' | 'predictions' | 'shard' | 'csv' | 'argv' | 'config'>;
  /** Keys of the classes that were asked for, null: every foreground class. */
  classes: readonly string[] | null;
  /** What each rule finds, one line, by code. */
  titles: Readonly<Record<string, string>>;
  engine: EngineInfo | null;
  /** Images in the selection, null where it is not known. */
  total: number | null;
  elapsedMs: number | null;
  /** Folder that shown paths are relative to. */
  cwd: string;
  /** Width of the terminal; text that can't be cut (paths, commands) may be longer. */
  columns: number;
  colour: boolean;
  /** Also what is longer than a look: what other thresholds of a hybrid would have cost. */
  full?: boolean;
}

/** The path as a person in `cwd` would type it. */
export function shownPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  return relative === '' ? '.' : relative.length < file.length && !relative.startsWith('..') ? relative : file;
}

function stateLine({ summary, interrupted }: RunResult, { request, total }: SummaryOptions): string[] {
  if (interrupted) {
    const of = total === null ? '' : ` of ${count(total)}`;
    return [`Interrupted after ${count(summary.images)}${of} images: all figures are about those.`];
  }
  if (summary.complete || request.shard === null) return [];
  return [`Shard ${request.shard.index} of ${request.shard.count}: all figures are about its images.`];
}

/** What computed, from the fullest to the shortest way to say it. */
function workWords({ request, engine, cwd }: SummaryOptions): string[] {
  if (!engine) {
    return [
      request.predictions === null ? 'annotations alone' : `masks of ${visible(shownPath(request.predictions, cwd))}`,
    ];
  }
  const [name, version, device] = [engine.engine, engine.version, engine.device].map(visible);
  const long = `${name} ${version} on ${device}`;
  return [`${long}, ${visible(path.basename(engine.model))}`, long, `${name} on ${device}`];
}

/** How many images, what was found, and what computed it: one line where it fits, else two. */
function countLines(result: RunResult, options: SummaryOptions, scores: boolean): string[] {
  const { images, scored, unscored, unreadable } = result.summary;
  const states: [number, string][] = [
    [scored, 'scored'],
    // summary.json counts unreadable ones as unscored too; here each image is counted once.
    [unscored - unreadable, 'unscored'],
    [unreadable, 'unreadable'],
  ];
  const shown = states.filter(([n, word]) => (scores ? n > 0 || word === 'scored' : n > 0 && word === 'unreadable'));
  const parts = shown.map(([n, word]) => `${count(n)} ${word}`).join(', ');
  const all = counted(images, 'image');
  const measured = scores && scored === images ? `${all} scored` : parts === '' ? all : `${all}: ${parts}`;
  const line = `${measured}; ${severityCounts(bySeverity(result.counts)) || 'no findings'}`;
  const time = options.elapsedMs === null ? '' : `, ${duration(options.elapsedMs)}`;
  const works = workWords(options).map((words) => words + time);
  const fitting = works.find((work) => displayWidth(`${line}; ${work}`) <= options.columns);
  return fitting ? [`${line}; ${fitting}`] : [...wrap(line, options.columns), truncate(works[0], options.columns)];
}

/** What is told without the lungs, beside what is told with them: in two lines where one does not hold it. */
function probeLines({ probe }: Summary, { classes, columns }: SummaryOptions): string[] {
  if (probe === undefined) return [];
  const { intact, withoutLungs } = probe;
  const both = (without: number | null, whole: number | null) => `${score(without)} (${score(whole)})`;
  const areas = probedClasses(probe, classes).flatMap(({ key, index }) => {
    const { auc } = withoutLungs.classes[index];
    return auc === null ? [] : [`${visible(key)} ${both(auc, intact.classes[index].auc)}`];
  });
  const accuracy = both(withoutLungs.accuracy, intact.accuracy);
  const told = areas.length > 0 ? areas.join(', ') : 'undefined, all images are of one kind';
  return wrap(`Without the lungs (with them): accuracy ${accuracy}; AUC ${told}`, columns);
}

/** The run folder is never cut: it is there to be copied. The files that most people open are named while there is room. */
function filesLine(folder: string, verdictClass: string | null, options: SummaryOptions): string {
  const scores = options.request.model !== null || options.request.predictions !== null;
  const names = ['summary.json', 'findings.csv', 'images.csv'];
  if (scores && verdictClass !== null) names.splice(1, 0, `${visible(verdictClass)}.csv`);
  if (options.request.csv !== null) names.unshift(visible(shownPath(options.request.csv, options.cwd)));
  for (let n = names.length; n > 0; n--) {
    const line = `Files: ${visible(folder)} (${names.slice(0, n).join(', ')}${n < names.length ? ', ...' : ''})`;
    if (displayWidth(line) <= options.columns) return line;
  }
  return `Files: ${visible(folder)}`;
}

/** The one command that is most likely wanted now. */
function nextCommand(result: RunResult, said: Verdict, folder: string, options: SummaryOptions): string {
  const { request } = options;
  const rules = worstRules(result.counts);
  const dataset = shownPath(request.root, options.cwd);
  const explain = (rule: string) => commandLine(['maskaudit', 'explain', rule]);
  const found = (rule: string) => rules.some((entry) => entry.rule === rule);
  if (result.interrupted) return resumeCommand(request.command, request.argv, folder);
  if (request.shard !== null && !result.summary.complete) {
    return `${commandLine(['maskaudit', 'merge', folder])} <the other shards' runs> --out DIR`;
  }
  if (said.kind === 'lost') return explain(found('L003') || !found('M002') ? 'L003' : 'M002');
  if (said.kind === 'unscored' && found('P007')) return explain('P007');
  const spoken = result.summary.classes.find((c) => c.key === said.class);
  const failures = spoken ? spoken.outcomes.miss + spoken.outcomes.disjoint + spoken.outcomes.false_alarm : 0;
  if (said.kind === 'score' && failures > 0) {
    return commandLine(['maskaudit', 'export', folder, '--class', said.class ?? '']);
  }
  if (rules[0] && rules[0].severity !== 'info') return explain(rules[0].rule);
  if (said.kind === 'score') return commandLine(['maskaudit', 'export', folder, '--class', said.class ?? '', '--all']);
  if (said.kind === 'balance') {
    const what = result.summary.unit === 'image' ? '--model FILE' : '--predictions DIR';
    return `${commandLine(['maskaudit', 'audit', dataset])} ${what}`;
  }
  return commandLine(['maskaudit', 'explain', 'D010']);
}

/**
 * The closing words of a run on stdout, at most 12 lines: the verdict, how many images and what worked on them, a table of
 * the classes, the findings by rule, where the files are, and last the next command. Pure; every string from data is made
 * safe to show.
 */
export function summaryText(result: RunResult, given: SummaryOptions): string[] {
  const columns = Math.max(LEAST_COLUMNS, given.columns);
  const options = { ...given, columns };
  const { summary } = result;
  const { request } = options;
  const scores = request.model !== null || request.predictions !== null;
  const paint = colours(options.colour);
  const folder = shownPath(result.folder, options.cwd);
  const said = closingVerdict(result, options);
  const { hybrid } = summary;
  const stages = hybrid ? wrap(stageWords(hybrid, options.classes), columns).slice(0, 2) : [];
  const head = [...wrap(said.text, columns).slice(0, 6).map(paint.bold), ...stages, ...stateLine(result, options)];
  const counts = [...countLines(result, options, scores), ...probeLines(summary, options)];
  const tail = [
    filesLine(folder, said.class, options),
    `Next:  ${paint.command(nextCommand(result, said, folder, options))}`,
  ];

  const left = SUMMARY_LINES - head.length - counts.length - tail.length;
  const rules = result.counts.filter(({ findings }) => findings > 0).length;
  const listed = scores
    ? [...spokenClasses(summary, options.classes)]
    : summary.classes.filter((c) => c.index === 0 || options.classes === null || options.classes.includes(c.key));
  const rows = summary.images > 0 && listed.length > 0 ? listed.length + 1 : 0;
  const findingRows = Math.min(rules, left > rows ? left - rows : 2);
  const tableRows = Math.min(rows, left - findingRows);
  if (rows > tableRows) listed.sort((a, b) => rank(a, said, scores) - rank(b, said, scores) || worstFirst(a, b));
  const table = classTable(summary, listed, { scores, columns, lines: tableRows });
  const found = findingLines(result.counts, options.titles, result.examples, {
    width: columns,
    lines: left - table.length,
    colours: paint,
  });
  const more = hybrid && options.full ? thresholdTables(hybrid, options.classes, columns) : [];
  return [...head, ...counts, ...table, ...found, ...more, ...tail];
}

/** What became of each class, or how it is balanced: in pixels, or in images as a whole. */
function classTable(
  summary: Summary,
  classes: readonly ClassSummary[],
  { scores, columns, lines }: { scores: boolean; columns: number; lines: number },
): string[] {
  if (summary.unit === 'image') {
    return scores ? imageScoreTable(summary, classes, columns, lines) : imageBalanceTable(classes, columns, lines);
  }
  return scores ? scoreTable(classes, columns, lines) : balanceTable(classes, columns, lines);
}

/** The sentence that a run comes down to. */
export function closingVerdict(
  { summary }: Pick<RunResult, 'summary'>,
  { request, classes, engine = null }: Pick<SummaryOptions, 'request' | 'classes'> & { engine?: EngineInfo | null },
): Verdict {
  const { inputWidth, inputHeight } = engine ?? { inputWidth: null, inputHeight: null };
  return verdict(summary, {
    scores: request.model !== null || request.predictions !== null,
    classes,
    maskEncoding: request.config.maskEncoding ?? null,
    modelSize: inputWidth !== null && inputHeight !== null ? { width: inputWidth, height: inputHeight } : null,
    disagreement: request.config.thresholds?.disagreement,
  });
}

/** Which classes a table that is too long keeps: the verdict's, lost ones, those with scored images, then the others. */
function rank(c: Summary['classes'][number], said: Verdict, scores: boolean): number {
  if (c.key === said.class) return 0;
  if (isLost(c, scores)) return 1;
  return scoredPositives(c) > 0 ? 2 : 3;
}
