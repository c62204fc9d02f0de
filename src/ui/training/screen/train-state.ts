import type { Progress } from '../../../pipeline/events.js';
import type { Finding } from '../../../pipeline/record.js';
import type { ClassifierAssessment } from '../../../pipeline/training/assessment.js';
import { type EpochLog, monitored, monitorOf } from '../../../pipeline/training/history.js';
import { standing } from '../../../pipeline/training/standing.js';
import type { TrainEvent, TrainPlan, TrainProgress } from '../../../pipeline/training/train-events.js';
import type { TrainerInfo } from '../../../pipeline/training/trainer.js';
import type { Pace } from '../../rate-window.js';
import { trainRemarks } from '../train-lines.js';

export type TrainPhase = 'starting' | 'auditing' | 'training' | 'stopping' | 'finishing' | 'finished';

/** The loss of a step of the epoch under way; `x` in epochs, so that the end of epoch 1 is 1. */
export interface StepPoint {
  x: number;
  y: number;
}

/** A training as far as it has come. */
export interface TrainState {
  phase: TrainPhase;
  /** Of the audit of the data, which comes first. */
  audit: Progress | null;
  plan: TrainPlan | null;
  trainer: { info: TrainerInfo; network: string } | null;
  progress: TrainProgress | null;
  /** Of what is under way, the audit or the training. */
  pace: Pace;
  history: readonly EpochLog[];
  /** The running mean of the training loss in the epoch under way. */
  steps: readonly StepPoint[];
  findings: readonly Finding[];
  /** What was said on the way, the latest last. */
  notes: readonly string[];
  /** Of all sessions of this training, where it is known. */
  seconds: number | null;
  /** Of a classifier that is done. */
  classification: ClassifierAssessment | null;
  /** The sentence that it comes down to; '' before its end. */
  verdict: string;
  interrupted: boolean;
}

export const STARTING: TrainState = {
  phase: 'starting',
  audit: null,
  plan: null,
  trainer: null,
  progress: null,
  pace: { perSecond: null, leftMs: null },
  history: [],
  steps: [],
  findings: [],
  notes: [],
  seconds: null,
  classification: null,
  verdict: '',
  interrupted: false,
};

/** Points of one epoch that are kept: an epoch may have any number of steps, a window has no more columns. */
const MOST_STEPS = 512;

/** The training after an event. Pure. `pace`: how fast it is by then. */
export function reduceTrain(before: TrainState, event: TrainEvent, pace: Pace): TrainState {
  const said = event.type === 'epoch' || event.type === 'finding' ? [] : trainRemarks(event);
  const state = said.length === 0 ? before : { ...before, notes: [...before.notes, ...said] };
  switch (event.type) {
    case 'audit':
      if (event.event.type === 'progress') return { ...at(state, 'auditing'), audit: event.event.progress, pace };
      return at(state, 'auditing');
    case 'plan':
      return { ...at(state, 'training'), plan: event.plan };
    case 'trainer':
      return { ...state, trainer: { info: event.info, network: event.network } };
    case 'resumed':
      return { ...state, history: event.history, findings: event.findings };
    case 'history':
      return { ...state, history: event.history };
    case 'progress':
      return { ...at(state, 'training'), progress: event.progress, pace, steps: withStep(state.steps, event.progress) };
    case 'epoch':
      return { ...state, history: [...state.history, event.log], steps: [], seconds: event.seconds };
    case 'finding':
      return { ...state, findings: [...state.findings, event.finding] };
    case 'finishing':
      return { ...state, phase: 'finishing' };
    case 'finished': {
      const { seconds, end, history, classification = null } = event.result;
      const interrupted = end === 'interrupted';
      return { ...state, phase: 'finished', steps: [], history, seconds, classification, interrupted };
    }
    default:
      return state;
  }
}

/** What was told to stop stays so until it is done. */
function at(state: TrainState, phase: TrainPhase): TrainState {
  return state.phase === 'stopping' ? state : { ...state, phase };
}

/** Adds a step of the training pass; where there are too many, every other one goes. */
function withStep(steps: readonly StepPoint[], { pass, epoch, step, steps: of, meanLoss }: TrainProgress): StepPoint[] {
  if (pass === 'val') return [...steps];
  const kept = steps.length < MOST_STEPS ? steps : steps.filter((_, i) => i % 2 === 0);
  return [...kept, { x: epoch - 1 + step / of, y: meanLoss }];
}

/** The best finished epoch by the monitored figure, and that figure; null before there is one. */
export function bestOf({
  plan,
  history,
}: Pick<TrainState, 'plan' | 'history'>): { log: EpochLog; value: number } | null {
  if (plan === null || history.length === 0) return null;
  const monitor = monitorOf(plan.monitor, plan.task, plan.classes);
  const values = monitored(history, monitor);
  const { best } = standing(values, monitor.goal);
  return best === null ? null : { log: history[best], value: values[best] as number };
}
