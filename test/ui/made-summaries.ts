import type { EngineInfo } from '../../src/pipeline/engines/engine.js';
import type { RunResult } from '../../src/pipeline/requests.js';
import type { ClassSummary, MeanScores, Scores, Summary } from '../../src/pipeline/summary.js';
import type { SummaryOptions } from '../../src/ui/summary-text.js';

/** Everything that a made class may leave out is undefined or nothing. */
type MadeClass = Partial<Omit<ClassSummary, 'iou' | 'truth' | 'outcomes' | 'confidence95' | 'path'>> & {
  index: number;
  key: string;
  iou?: Partial<Scores>;
  truth?: Partial<ClassSummary['truth']>;
  outcomes?: Partial<ClassSummary['outcomes']>;
  pooledIou?: [number, number];
  path?: Partial<ClassSummary['path']>;
};

const noScores = (): Scores => ({
  pooled: null,
  imageMean: null,
  imageMeanTruth: null,
  imageMeanSmoothed: null,
  batchSmoothed: null,
  absentAsZero: null,
});
const noMeans = (): MeanScores => ({ ...noScores(), classes: { ...noScores() } as unknown as MeanScores['classes'] });
const noWeights = { inverseFrequency: null, medianFrequency: null, effectiveNumber: null, enetLog: null };
const nobody = { pixels: 0, pixelShare: 0, images: 0, imageShare: 0 };

export function madeClass(given: MadeClass): ClassSummary {
  const pixels = given.truth?.pixels ?? 0;
  return {
    name: given.key,
    predicted: nobody,
    dice: noScores(),
    emptyPerfect: 0,
    inflation: null,
    weights: noWeights,
    lossShare: { none: null, ...noWeights },
    ...given,
    iou: { ...noScores(), ...given.iou },
    truth: { ...nobody, ...given.truth },
    outcomes: { hit: 0, miss: 0, false_alarm: 0, disjoint: 0, empty: 0, unscored: 0, ...given.outcomes },
    confidence95: { pooledIou: given.pooledIou ?? null, sensitivity: null },
    path: { raw: pixels, encoded: pixels, resized: null, batch: pixels, ...given.path },
  };
}

export function madeSummary(given: Partial<Summary> & { images: number; classes: ClassSummary[] }): Summary {
  return {
    schema: 1,
    complete: true,
    scored: given.images,
    unscored: 0,
    unreadable: 0,
    resized: 0,
    confusion: [],
    accuracy: null,
    backgroundAccuracy: null,
    meanIou: { all: noMeans(), foreground: noMeans() },
    meanDice: { all: noMeans(), foreground: noMeans() },
    detection: null,
    pixelThresholds: null,
    splits: {},
    sources: {},
    findings: {},
    ...given,
  };
}

export function madeResult(summary: Summary, given: Partial<RunResult> = {}): RunResult {
  return { folder: '/home/ada/runs/audit-1', summary, interrupted: false, counts: [], examples: [], ...given };
}

export const ENGINE: EngineInfo = {
  engine: 'onnx',
  device: 'cpu',
  version: '1.30.0',
  model: '/home/ada/models/unet.onnx',
  inputWidth: 256,
  inputHeight: 256,
  batch: 8,
  notes: [],
};

const REQUEST: SummaryOptions['request'] = {
  command: 'audit',
  root: '/home/ada/covid-qu-ex',
  model: '/home/ada/models/unet.onnx',
  predictions: null,
  shard: null,
  csv: null,
  argv: ['audit', 'covid-qu-ex', '--model', 'models/unet.onnx'],
  config: {},
};

export const TITLES: Record<string, string> = {
  L003: 'a class that the raw annotation has and the encoded one has not',
  L001: 'value outside the declared set',
  M001: 'a class score that empty masks made',
  P001: 'positive images with no predicted pixel of their class',
  P003: 'overlap below the threshold',
  D007: 'the same image in two splits',
  B002: 'imbalance beyond the threshold',
  L009: 'a class that is the whole lung wherever it occurs',
};

export function madeOptions(
  request: Partial<SummaryOptions['request']> = {},
  given: Partial<Omit<SummaryOptions, 'request'>> = {},
): SummaryOptions {
  return {
    request: { ...REQUEST, ...request },
    classes: null,
    titles: TITLES,
    engine: ENGINE,
    total: null,
    elapsedMs: 47_200,
    cwd: '/home/ada',
    columns: 80,
    colour: false,
    ...given,
  };
}
