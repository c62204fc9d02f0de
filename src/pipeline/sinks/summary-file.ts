import path from 'node:path';
import type { Summary } from '../summary.js';
import { writeFile } from './files.js';

/** The text of summary.json, which `--format json` prints as well. */
export function summaryText(summary: Summary): string {
  return `${JSON.stringify(summary, null, 2)}\n`;
}

/** Returns the file's path. */
export function writeSummary(folder: string, summary: Summary): string {
  const file = path.join(folder, 'summary.json');
  writeFile(file, summaryText(summary));
  return file;
}
