import type { Transferable } from 'node:worker_threads';
import { RULES } from '../checks/registry.js';
import type { ImageRule } from '../checks/rule.js';
import type { Sample } from '../dataset/dataset.js';
import type { ModelOutput } from '../engines/engine.js';
import { createKernels } from '../kernels/load.js';
import { createPictureSink, type PictureOptions } from '../sinks/pictures.js';
import { type DecodedPicture, decodePicture } from './decode-picture.js';
import { createMeasurer, type MeasureSettings, type PictureFacts } from './measure-image.js';

/** What every worker thread of a run is told once. */
export interface MeasureWorkerData {
  settings: MeasureSettings;
  /** Codes of the rules that are on. */
  rules: readonly string[];
  pictures: PictureOptions;
}

export interface SampleTask {
  sample: Sample;
  stemIsUnique: boolean;
}

/** `pictures` decodes for a model; `measure` makes the records, of a model's outputs where there is one. */
export type MeasureTask =
  | { kind: 'pictures'; samples: readonly SampleTask[] }
  | {
      kind: 'measure';
      samples: readonly SampleTask[];
      given: readonly { picture: PictureFacts; output: ModelOutput | null }[] | null;
    };

/** Records travel as lines of JSON: the journal's own form, cheap to hand over and to keep. */
export type MeasureAnswer = { kind: 'pictures'; decoded: DecodedPicture[] } | { kind: 'measure'; lines: string };

/** Sets up one thread's measurer. The answer to each task is complete before the next is asked. */
export async function startMeasuring({ settings, rules, pictures }: MeasureWorkerData) {
  const kernels = createKernels();
  const chosen = new Set(rules);
  const imageRules = RULES.filter((rule): rule is ImageRule => rule.scope === 'image' && chosen.has(rule.code));
  const measurer = createMeasurer(kernels, settings, imageRules);
  const look = createPictureSink(kernels, settings, pictures);

  return async function work(task: MeasureTask, transfer: Transferable[]): Promise<MeasureAnswer> {
    if (task.kind === 'pictures') {
      const decoded: DecodedPicture[] = [];
      for (const { sample } of task.samples) {
        const { picture, pixels } = await decodePicture(kernels, measurer.readPicture, settings.root, sample);
        if (pixels) transfer.push(pixels.data.buffer as ArrayBuffer);
        decoded.push({ picture, pixels });
      }
      return { kind: 'pictures', decoded };
    }
    let lines = '';
    for (let i = 0; i < task.samples.length; i++) {
      const { sample, stemIsUnique } = task.samples[i];
      const record = await measurer.measure(sample, stemIsUnique, task.given?.[i] ?? null, look);
      lines += `${JSON.stringify(record)}\n`;
    }
    return { kind: 'measure', lines };
  };
}
