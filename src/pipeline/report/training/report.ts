import path from 'node:path';
import { WorkError } from '../../errors.js';
import { writeFile } from '../../sinks/files.js';
import type { TrainContext } from '../../training/train-events.js';
import { openPlots } from '../plot.js';
import type { TrainingInput } from './input.js';
import { trainingPage } from './page.js';
import { predictExamples } from './predict.js';

/**
 * Writes `report.html` of a training into a folder. What can't be shown is said on the page.
 * @param run the run folder, with the model and the audit of the data
 * @returns the file's path. @throws WorkError where it can't be written
 */
export async function writeTrainingReport(input: TrainingInput, run: string, folder = run): Promise<string> {
  const file = path.join(folder, 'report.html');
  const [plots, gallery] = await Promise.all([openPlots(), predictExamples(input, run)]);
  writeFile(file, trainingPage(input, plots, gallery));
  return file;
}

/**
 * The same at the end of a training, whose model is worth more than its page: what else goes wrong is a note.
 * @returns the file that was written, if any
 */
export async function addTrainingReport(
  input: TrainingInput,
  run: string,
  emit: TrainContext['emit'],
): Promise<string[]> {
  try {
    return [await writeTrainingReport(input, run)];
  } catch (error) {
    if (error instanceof WorkError) throw error;
    emit({ type: 'note', message: `report.html could not be made: ${(error as Error).message}` });
    return [];
  }
}
