import type { EngineInfo } from '../../pipeline/engines/engine.js';
import type { ClassProgress, Progress, RunEvent } from '../../pipeline/events.js';
import type { ClassDetection } from '../../pipeline/metrics/detection/detection.js';
import type {
  ClassSummary,
  HybridSummary,
  Outcome,
  ProbeSummary,
  Summary,
  WeightFormula,
} from '../../pipeline/summary.js';
import type { Pace } from '../rate-window.js';

/** The figures of a class, live or final; what only the end can tell is null before it. */
export interface ClassFigures {
  index: number;
  key: string;
  truthPixels: number;
  /** Of all annotated pixels, background included. */
  pixelShare: number | null;
  truthImages: number;
  imageShare: number | null;
  outcomes: Record<Outcome, number>;
  pooled: number | null;
  interval: readonly [number, number] | null;
  smoothed: number | null;
  weights: Record<WeightFormula, number | null> | null;
  /** How images with the class are told from the others. */
  detection: ClassDetection | null;
}

export type Phase = 'starting' | 'measuring' | 'stopping' | 'finishing' | 'finished';

export interface RunState {
  phase: Phase;
  discovered: (RunEvent & { type: 'discovered' }) | null;
  engine: EngineInfo | null;
  progress: Progress | null;
  pace: Pace;
  classes: readonly ClassFigures[];
  /** Of a hybrid, at the end. */
  hybrid: HybridSummary | null;
  /** Of a run with `--probe`, at the end. */
  probe: ProbeSummary | null;
  /** What a user should know, the latest last. */
  notes: readonly string[];
  /** Rows truth, columns predicted; null before its end. */
  confusion: readonly (readonly number[])[] | null;
  /** The sentence that the run comes down to; '' before its end. */
  verdict: string;
  /** True where a signal stopped it before its last image. */
  interrupted: boolean;
}

export const STARTING: RunState = {
  phase: 'starting',
  discovered: null,
  engine: null,
  progress: null,
  pace: { perSecond: null, leftMs: null },
  classes: [],
  hybrid: null,
  probe: null,
  notes: [],
  confusion: null,
  verdict: '',
  interrupted: false,
};

/** What happened, and how fast the run is by then. `annotated`: images so far whose annotation could be read. */
export interface RunStep {
  event: RunEvent;
  pace: Pace;
  annotated: number;
}

/** The run after an event. Pure; findings and records go to their tables instead. */
export function reduceRun(run: RunState, { event, pace, annotated }: RunStep): RunState {
  switch (event.type) {
    case 'discovered':
      return { ...run, phase: working(run), discovered: event, notes: [...run.notes, ...event.notes] };
    case 'engine':
      return { ...run, engine: event.info, notes: [...run.notes, ...event.info.notes, ...event.skipped] };
    case 'resumed':
      return { ...run, notes: [...run.notes, `${event.images} images taken from the interrupted run`] };
    case 'progress':
      return {
        ...run,
        phase: working(run),
        progress: event.progress,
        pace,
        classes: liveFigures(event.classes, annotated),
      };
    case 'note':
      return { ...run, notes: [...run.notes, event.message] };
    case 'finishing':
      return { ...run, phase: 'finishing' };
    case 'finished':
      return {
        ...run,
        phase: 'finished',
        interrupted: event.interrupted,
        classes: finalFigures(event.summary),
        confusion: event.summary.confusion,
        hybrid: event.summary.hybrid ?? null,
        probe: event.summary.probe ?? null,
      };
    default:
      return run;
  }
}

/** A run that was told to stop stays so until it is done. */
function working(run: RunState): Phase {
  return run.phase === 'stopping' ? 'stopping' : 'measuring';
}

function liveFigures(classes: readonly ClassProgress[], annotated: number): ClassFigures[] {
  const pixels = classes.reduce((sum, { truthPixels }) => sum + truthPixels, 0);
  return classes.map(({ key, truthPixels, truthImages, outcomes, pooledIou, smoothedIou }, index) => ({
    index,
    key,
    truthPixels,
    pixelShare: pixels === 0 ? null : truthPixels / pixels,
    truthImages,
    imageShare: annotated === 0 ? null : Math.min(1, truthImages / annotated),
    outcomes,
    pooled: pooledIou,
    interval: null,
    smoothed: smoothedIou,
    weights: null,
    detection: null,
  }));
}

export function finalFigures({ classes, detection }: Pick<Summary, 'classes' | 'detection'>): ClassFigures[] {
  return classes.map((c: ClassSummary) => ({
    index: c.index,
    key: c.key,
    truthPixels: c.truth.pixels,
    pixelShare: c.truth.pixelShare,
    truthImages: c.truth.images,
    imageShare: c.truth.imageShare,
    outcomes: c.outcomes,
    pooled: c.iou.pooled,
    interval: c.confidence95.pooledIou,
    smoothed: c.iou.imageMeanSmoothed,
    weights: c.weights,
    detection: detection?.classes[c.index] ?? null,
  }));
}
