import { list } from '../../checks/wording.js';
import type { EngineInfo } from '../engine.js';
import type { Hybrid } from './hybrid-file.js';
import type { GatedClass } from './settings.js';

/**
 * What the stages of a hybrid are together.
 * @param stages the gate, then the segmenters
 */
export function describeHybrid(
  { name }: Pick<Hybrid, 'name'>,
  gated: readonly GatedClass[],
  stages: readonly [EngineInfo, ...EngineInfo[]],
): EngineInfo {
  const [gate, first, ...others] = stages;
  const join = (of: (info: EngineInfo) => string) => [...new Set(stages.map(of))].join(' + ');
  const isSameSize = others.every(
    ({ inputWidth, inputHeight }) => inputWidth === first.inputWidth && inputHeight === first.inputHeight,
  );
  const limits = gated.map(({ spec, threshold }) => `${spec.key} from ${threshold}`);
  const longest = (of: (info: EngineInfo) => number | undefined) => Math.max(...stages.map((info) => of(info) ?? 0));
  return {
    engine: join(({ engine }) => engine),
    device: join(({ device }) => device),
    version: join(({ version }) => version),
    model: name,
    // Of the segmenters: that is where an annotation may lose its pixels.
    inputWidth: isSameSize ? first.inputWidth : null,
    inputHeight: isSameSize ? first.inputHeight : null,
    batch: gate.batch,
    notes: [
      `gate ${gate.model} lets through ${list(limits)}`,
      ...stages.flatMap((info) => info.notes.map((note) => `${info.model}: ${note}`)),
    ],
    task: 'segmentation',
    knownClasses: [0, ...gated.map(({ spec }) => spec.index)],
    // They were opened side by side.
    loadMs: longest(({ loadMs }) => loadMs),
    warmUpMs: longest(({ warmUpMs }) => warmUpMs),
    stages,
  };
}
