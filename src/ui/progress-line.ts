import type { Progress } from '../pipeline/events.js';
import { count, duration, rate } from '../pipeline/words/figures.js';
import { displayWidth, truncate } from './display-width.js';
import { severityCounts } from './finding-lines.js';
import type { Pace } from './rate-window.js';

export interface ProgressStyle {
  columns: number;
  /** Block characters; else ASCII. */
  unicode: boolean;
}

const BAR = { least: 8, most: 30 };

/** Done share in whole percent: 100 only when all are done. */
export function percent({ done, total }: Progress): number {
  return total === 0 ? 100 : done >= total ? 100 : Math.min(99, Math.floor((done / total) * 100));
}

/** `[#####---------]` or block characters, `width` columns. */
export function bar(done: number, width: number, unicode: boolean): string {
  const inner = unicode ? width : width - 2;
  const full = Math.min(inner, Math.max(0, Math.floor(done * inner)));
  if (unicode) return '█'.repeat(full) + '░'.repeat(inner - full);
  return `[${'#'.repeat(full)}${'-'.repeat(inner - full)}]`;
}

/** `2,620 scored, 2 unscored`: of what is done, the states that occur. */
export function stateCounts({ scored, unscored, unreadable }: Progress): string {
  const states: [number, string][] = [
    [scored, 'scored'],
    [unscored, 'unscored'],
    [unreadable, 'unreadable'],
  ];
  return states
    .filter(([n]) => n > 0)
    .map(([n, word]) => `${count(n)} ${word}`)
    .join(', ');
}

/** `412 images/s, 8 s left`, as far as it is known. */
export function paceWords({ perSecond, leftMs }: Pace, unit: string): string[] {
  if (perSecond === null || leftMs === null) return [];
  return [`${rate(perSecond)} ${unit}`, ...(leftMs > 0 ? [`${duration(Math.max(1000, leftMs))} left`] : [])];
}

/**
 * One line of at most `columns - 1` columns (a full line would wrap): what a narrow terminal has no room for goes from the
 * right, the bar shrinks before that.
 */
export function progressLine(progress: Progress, pace: Pace, { columns, unicode }: ProgressStyle): string {
  const width = columns - 1;
  const images = `${count(progress.done)}/${count(progress.total)}`;
  const parts = [
    `${percent(progress)} %`,
    images,
    ...paceWords(pace, 'images/s'),
    severityCounts({ ...progress.findings, info: 0 }),
    stateCounts(progress),
  ].filter((part) => part !== '');
  const least = BAR.least + 2;
  while (parts.length > 2 && least + displayWidth(parts.join('  ')) > width) parts.pop();
  const text = parts.slice(1).join('  ');
  const head = `${parts[0].padStart(5)}`;
  const room = width - displayWidth(text) - head.length - 3;
  if (room < BAR.least) return truncate(`${head}  ${text}`, Math.max(0, width));
  const share = progress.total === 0 ? 1 : progress.done / progress.total;
  return `${head} ${bar(share, Math.min(BAR.most, room), unicode)}  ${text}`;
}
