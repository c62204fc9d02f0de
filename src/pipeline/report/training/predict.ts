import path from 'node:path';
import { classOutcome } from '../../overlays/difference.js';
import { focusClasses } from '../../overlays/focus.js';
import type { ImageRecord } from '../../record.js';
import { readJournal } from '../../sinks/journal.js';
import { resplit } from '../../training/data/resplit.js';
import { AUDIT_FOLDER } from '../../training/data-audit.js';
import { openViewer } from '../../viewing/viewer.js';
import { drawCase } from '../pictures.js';
import type { Prediction } from './gallery.js';
import { settingsOf, type TrainingInput } from './input.js';

/** Pictures of a page: enough to see what is learned, few enough to be read and sent. */
const PICTURES = { perClass: 6, total: 12 };

/** Runs the final model of a run over some validation images of each class. Never rejects: what went wrong is a note. */
export async function predictExamples(
  input: TrainingInput,
  folder: string,
): Promise<{ predictions: Prediction[]; notes: string[] }> {
  const { models, plan } = input.training;
  // A class of the whole image has no outline to show.
  if (plan.task === 'classification') return { predictions: [], notes: [] };
  const model = models.find((file) => file.endsWith('.onnx')) ?? models[0];
  if (model === undefined) return { predictions: [], notes: ['No model was written that could predict.'] };
  const predictions: Prediction[] = [];
  try {
    const { dataset } = settingsOf(input);
    const journal = readJournal(path.join(folder, AUDIT_FOLDER));
    const header = { ...journal.header, model: path.join(folder, model), card: {} };
    const viewer = openViewer(header);
    try {
      for (const { index, record } of chooseExamples(input, journal.records())) {
        // The audit of the data had no model; the picture is of one that has.
        const view = await viewer.view({ ...record, status: 'scored', confusion: null });
        predictions.push({
          ...{ index, image: record.image, faults: view.faults },
          outcome: classOutcome(view.truth, view.predicted, index, dataset.classes.length),
          picture: drawCase(view, index, dataset.classes.length),
        });
      }
    } finally {
      await viewer.close();
    }
  } catch (error) {
    return { predictions, notes: [`Some pictures could not be made: ${(error as Error).message}`] };
  }
  const none = 'No validation image has a class of these that could be predicted.';
  return { predictions, notes: predictions.length === 0 ? [none] : [] };
}

/** Validation images of each class in focus, from the largest region to the smallest. */
function chooseExamples(
  input: TrainingInput,
  records: Iterable<ImageRecord>,
): { index: number; record: ImageRecord }[] {
  const settings = settingsOf(input);
  const { dataset } = settings;
  const all = [...records];
  const splits = settings.resplit ? resplit(all, dataset, settings.seed) : null;
  const validated = all.filter(({ split }, i) => (splits?.[i] ?? split) === 'val');
  const focus = focusClasses(dataset, dataset.classes).slice(0, PICTURES.total);
  const perClass = Math.min(PICTURES.perClass, Math.floor(PICTURES.total / Math.max(1, focus.length)));
  return focus.flatMap(({ index }) => {
    const pixels = ({ truth }: ImageRecord) => truth?.[index] ?? 0;
    const having = validated.filter((record) => pixels(record) > 0).sort((a, b) => pixels(b) - pixels(a));
    return evenly(having, perClass).map((record) => ({ index, record }));
  });
}

/** The first, the last, and some evenly between them. */
function evenly<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, i) => list[Math.round((i * (list.length - 1)) / Math.max(1, most - 1))]);
}
