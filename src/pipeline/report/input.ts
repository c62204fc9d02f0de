import type { ClassSpec } from '../dataset/dataset.js';
import type { JournalHeader } from '../sinks/journal.js';
import type { RunFacts } from '../sinks/manifest.js';
import type { ClassSummary, Summary } from '../summary.js';
import type { Beside } from '../told/beside.js';
import { shortened, visible } from '../words/visible-text.js';
import type { ReportFigures } from './figures.js';
import { type Html, html } from './html.js';

/** Drawings and tables of more classes or groups than this would help nobody; summary.json has them all. */
export const MOST_CLASSES = 12;
export const MOST_GROUPS = 12;

/** All that a report is made of, beside its pictures. */
export interface ReportInput {
  header: JournalHeader;
  summary: Summary;
  figures: ReportFigures;
  /** How the run came about: run.json without its times and files. */
  facts: RunFacts;
  /** Another run that was put beside it, as it was named. */
  beside?: { name: string; of: Beside };
}

/** Whether there was anything to score. */
export function hasScores({ header }: ReportInput): boolean {
  return header.model !== null || header.predictions !== null;
}

/** The classes that the report is about: those asked for. */
export function chosenClasses({ header, summary }: ReportInput): ClassSummary[] {
  return summary.classes.filter(({ key }) => header.classes.includes(key));
}

/** A class's, split's or source's name in a plot, where room is scarce. */
export function plotName(name: string): string {
  return shortened(visible(name === '' ? '(none)' : name), 20);
}

export function classNamed(classes: readonly ClassSpec[], key: string): string {
  return classes.find((spec) => spec.key === key)?.name ?? key;
}

/** What stands below plots that leave something out. */
export function leftOutOfPlots(classes: number, groups = 0): Html | null {
  const parts = [
    classes > MOST_CLASSES && `${MOST_CLASSES} of ${classes} classes`,
    groups > MOST_GROUPS && `${MOST_GROUPS} of ${groups} splits and sources`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? null : html`<p class="note">Plots show ${parts.join(' and ')}, the first ones.</p>`;
}
