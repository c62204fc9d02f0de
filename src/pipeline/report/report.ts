import path from 'node:path';
import type { Engine } from '../engines/engine.js';
import { writeFile } from '../sinks/files.js';
import { openViewer } from '../viewing/viewer.js';
import type { ShownCase } from './cases.js';
import { chooseCases } from './figures.js';
import { chosenClasses, hasScores, type ReportInput } from './input.js';
import { type Gallery, reportPage } from './page.js';
import { drawCase } from './pictures.js';
import { openPlots } from './plot.js';

/** Pictures of a page: enough to see what goes wrong, few enough to be read and sent. */
const PICTURES = { perClass: 4, total: 12 };

export interface ReportPlace {
  /** The run folder, where saved predictions may lie. */
  run: string;
  /** Where report.html is written. */
  folder: string;
  /** The run's engine, where it is still open. */
  engine?: Engine | null;
}

/**
 * Writes `report.html`. What can't be shown of the data is said on the page.
 * @returns the file's path. @throws WorkError where it can't be written
 */
export async function writeReport(input: ReportInput, place: ReportPlace): Promise<string> {
  const file = path.join(place.folder, 'report.html');
  const [plots, gallery] = await Promise.all([openPlots(), hangGallery(input, place)]);
  writeFile(file, reportPage(input, plots, gallery));
  return file;
}

async function hangGallery(input: ReportInput, { run, engine }: ReportPlace): Promise<Gallery> {
  const { header, figures } = input;
  const indices = chosenClasses(input).map(({ index }) => index);
  const chosen = hasScores(input)
    ? chooseCases(
        figures,
        indices.filter((index) => index > 0),
        PICTURES,
      )
    : [];
  if (chosen.length === 0) return { cases: [], notes: [] };
  const cases: ShownCase[] = [];
  const viewer = openViewer(header, { folder: run, engine });
  try {
    for (const { index, cases: worst } of chosen) {
      for (const of of worst) {
        const view = await viewer.view(of.record);
        const picture = drawCase(view, index, header.dataset.classes.length);
        cases.push({ index, of, picture, faults: view.faults });
      }
    }
  } catch (error) {
    return { cases, notes: [`Some pictures could not be made: ${(error as Error).message}`] };
  } finally {
    await viewer.close();
  }
  return { cases, notes: [] };
}
