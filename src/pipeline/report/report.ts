import path from 'node:path';
import { isImageLevel } from '../dataset/image-level.js';
import { WorkError } from '../errors.js';
import type { RunContext } from '../events.js';
import { focusClasses } from '../overlays/focus.js';
import { writeFile } from '../sinks/files.js';
import { type AtHand, openViewer } from '../viewing/viewer.js';
import type { ShownCase } from './cases.js';
import { chooseCases } from './figures.js';
import { hasScores, type ReportInput } from './input.js';
import { type Gallery, reportPage } from './page.js';
import { drawCase } from './pictures.js';
import { openPlots } from './plot.js';

/** Pictures of a page: enough to see what goes wrong, few enough to be read and sent. */
const PICTURES = { perClass: 6, total: 12 };

/**
 * Writes `report.html` into a folder. What can't be shown of the data is said on the page.
 * @param atHand for the pictures
 * @returns the file's path. @throws WorkError where it can't be written
 */
export async function writeReport(input: ReportInput, folder: string, atHand: AtHand): Promise<string> {
  const file = path.join(folder, 'report.html');
  const [plots, gallery] = await Promise.all([openPlots(), hangGallery(input, atHand)]);
  writeFile(file, reportPage(input, plots, gallery));
  return file;
}

/**
 * The same at the end of a run, whose figures are worth more than its page: what else goes wrong is a note.
 * @returns the file that was written, if any
 */
export async function addReport(
  input: ReportInput,
  atHand: AtHand & { folder: string },
  emit: RunContext['emit'],
): Promise<string[]> {
  try {
    return [await writeReport(input, atHand.folder, atHand)];
  } catch (error) {
    if (error instanceof WorkError) throw error;
    emit({ type: 'note', message: `report.html could not be made: ${(error as Error).message}` });
    return [];
  }
}

async function hangGallery(input: ReportInput, atHand: AtHand): Promise<Gallery> {
  const { header, figures } = input;
  const { dataset, classes } = header;
  const asked = dataset.classes.filter(({ key }) => classes.includes(key));
  const focus = focusClasses(dataset, asked).map(({ index }) => index);
  // Heat is of the answer and of the truth, whichever class an image is shown for.
  const chosen = hasScores(input) ? chooseCases(figures, focus, { ...PICTURES, once: isImageLevel(dataset) }) : [];
  if (chosen.length === 0) return { cases: [], notes: [] };
  const cases: ShownCase[] = [];
  const viewer = openViewer(header, atHand);
  try {
    for (const { index, cases: worst } of chosen) {
      for (const of of worst) {
        const view = await viewer.view(of.record);
        const picture = drawCase(view, index, dataset.classes.length);
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
