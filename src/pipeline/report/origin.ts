import { basename } from 'node:path';
import { DEFAULT_THRESHOLDS, type Thresholds } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import type { EngineInfo } from '../engines/engine.js';
import type { RunFacts } from '../sinks/manifest.js';
import { count, counted } from '../words/figures.js';
import { type Child, type Html, html } from './html.js';
import type { ReportInput } from './input.js';
import { table } from './table.js';

/** What was audited, with what and how: everything that a figure on the page depends on. */
export function originSection(input: ReportInput): Html {
  const { header, summary, facts } = input;
  const { dataset } = header;
  const rows: [name: string, value: Child][] = [
    ['Dataset', html`<code>${header.root}</code>`],
    ['Layout', layoutWords(input)],
    ['Images', imageWords(input)],
    ['Level', isImageLevel(dataset) ? 'image: each of them is of one class as a whole' : 'pixel'],
    ['Classes', dataset.classes.map(({ index, key, name }) => `${index} ${key} (${name})`).join(', ')],
    ['Findings and failure lists are about', header.classes.join(', ')],
    ['Predictions', predictionWords(input)],
  ];
  if (facts.engine) rows.push(['Engine', engineWords(facts.engine)]);
  if (summary.resized > 0) rows.push(['Resized', resizedWords(summary.resized)]);
  rows.push(
    ['Masks read as', dataset.maskEncoding],
    ...(dataset.layout === 'covid-qu-ex' ? [['Non-COVID label', dataset.nonCovid] as [string, Child]] : []),
    ...(dataset.ignoreIndex === null ? [] : [['Ignored label', dataset.ignoreIndex] as [string, Child]]),
    ['Selection', selectionWords(input)],
    ['Thresholds', thresholdWords(dataset.thresholds)],
    ['Rules', [...new Set(header.rules)].join(', ')],
    ['Batch of batchSmoothed', counted(header.metricBatch, 'image')],
    ['Seed', header.seed],
    ...callRows(facts),
  );
  return html`<section id="origin" aria-labelledby="origin-head">
<h2 id="origin-head">What was audited, with what</h2>
${factTable('run', rows)}
${splitTable(input)}
</section>`;
}

/** Names and values of a run, or of whatever `of` is. */
export function factTable(of: string, rows: readonly [name: string, value: Child][]): Html {
  return table(
    `The ${of}`,
    [
      { head: `Of the ${of}`, cell: ([name]) => name },
      { head: 'Value', kind: 'sentences', cell: ([, value]) => value },
    ],
    rows,
  );
}

/** By what program, when and how a run was made. */
export function callRows(facts: RunFacts): [name: string, value: Child][] {
  return [
    ['Made by', `maskaudit ${facts.version}, Node ${facts.node}, ${facts.platform}`],
    ['Started', facts.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
    ['Command', html`<code>${['maskaudit', ...facts.argv].join(' ')}</code>`],
  ];
}

function imageWords({ summary, header }: ReportInput): string {
  const parts = [`${count(summary.images)} of ${count(header.images)} selected`];
  if (header.model !== null || header.predictions !== null) parts.push(`${count(summary.scored)} scored`);
  if (summary.unreadable > 0) parts.push(`${count(summary.unreadable)} unreadable`);
  return parts.join(', ');
}

export function layoutWords({ header }: ReportInput): string {
  const { layout, subset } = header.dataset;
  return layout === 'covid-qu-ex' ? `${layout}, ${subset} subset` : layout;
}

function predictionWords({ header }: ReportInput): Child {
  if (header.model !== null) return html`model <code>${header.model}</code>`;
  if (header.predictions !== null) return html`label masks in <code>${header.predictions}</code>`;
  return 'none: the annotations alone';
}

export function engineWords({
  engine,
  version,
  device,
  model,
  inputWidth,
  inputHeight,
  batch,
  notes,
}: EngineInfo): string {
  const size = inputWidth === null || inputHeight === null ? 'any size' : `${inputWidth}x${inputHeight}`;
  const more = notes.length > 0 ? ` (${notes.join('; ')})` : '';
  return `${engine} ${version} on ${device}: ${basename(model)}, input ${size}, batch ${batch}${more}`;
}

function resizedWords(resized: number): string {
  return `${counted(resized, 'prediction')} of another size than the annotation, brought to it by nearest neighbour`;
}

function selectionWords({ header }: ReportInput): string {
  const { splits, limit, shard } = header;
  const parts = [splits === null ? 'all splits' : `splits ${splits.join(', ')}`];
  if (limit !== null) parts.push(`at most ${counted(limit, 'image')}`);
  if (shard) parts.push(`shard ${shard.index} of ${shard.count}`);
  return parts.join(', ');
}

function thresholdWords(thresholds: Thresholds): string {
  const changed = Object.entries(thresholds).filter(
    ([name, value]) => value !== DEFAULT_THRESHOLDS[name as keyof Thresholds],
  );
  return changed.length === 0 ? 'the defaults' : changed.map(([name, value]) => `${name} ${value}`).join(', ');
}

function splitTable({ summary, header }: ReportInput): Html | null {
  const groups = Object.entries(summary.splits);
  if (groups.length === 0) return null;
  const scores = header.model !== null || header.predictions !== null;
  return table(
    'Images of each split',
    [
      { head: 'Split', cell: ([name]) => name || '(none)' },
      { head: 'Images', cell: ([, group]) => count(group.images) },
      ...(scores ? [{ head: 'Scored', cell: ([, group]: (typeof groups)[number]) => count(group.scored) }] : []),
      { head: 'Unreadable', cell: ([, group]) => count(group.unreadable) },
    ],
    groups,
  );
}
