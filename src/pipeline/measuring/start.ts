import { isImageLevel } from '../dataset/image-level.js';
import type { EngineInfo } from '../engines/engine.js';
import { workerFile } from '../program-files.js';
import type { AuditRequest } from '../requests.js';
import type { JournalHeader } from '../sinks/journal.js';
import type { MeasurePool } from '../stages/measure.js';
import { startWorkerPool } from '../stages/worker-pool.js';
import type { ImageNeed, MeasureSettings } from './measure-image.js';
import type { PredictionFolder } from './prediction.js';
import type { MeasureWorkerData } from './tasks.js';

/** Rules that look at a picture's pixels, and those that need but its header. */
const PIXEL_RULES = ['D006', 'D007', 'D008', 'D009'];

/** What the worker threads of a run do for each image, from what was asked and which rules are on. */
export function measureWorkerData(
  request: AuditRequest,
  run: Pick<JournalHeader, 'dataset' | 'rules' | 'classes' | 'severity'>,
  predictions: PredictionFolder | null,
  engine: EngineInfo | null,
): Omit<MeasureWorkerData, 'rows'> {
  const on = new Set(run.rules);
  const any = (codes: readonly string[]) => codes.some((code) => on.has(code));
  const image: ImageNeed = request.command === 'stats' ? 'none' : any(PIXEL_RULES) ? 'pixels' : 'header';
  const drawn = request.overlays !== 'none' || request.savePredictions;
  const needsMap = image === 'pixels' || predictions !== null || engine !== null || drawn;
  const settings: MeasureSettings = {
    root: request.root,
    dataset: run.dataset,
    image,
    needs: {
      map: needsMap,
      lung: on.has('L007'),
      structures: on.has('L008'),
      outside: !isImageLevel(run.dataset) && any(['L006', 'P005']),
    },
    predictions,
    model: engine && modelSize(engine),
    probe: request.probe !== null,
    severity: run.severity,
    classes: run.classes,
  };
  return {
    settings,
    rules: run.rules,
    pictures: { folder: request.out, overlays: request.overlays, savePredictions: request.savePredictions },
  };
}

function modelSize({ inputWidth, inputHeight }: EngineInfo): MeasureSettings['model'] {
  return inputWidth !== null && inputHeight !== null ? { width: inputWidth, height: inputHeight } : 'any';
}

export function startMeasurePool(jobs: number): MeasurePool {
  return startWorkerPool(workerFile('measure'), jobs);
}
