import type { Transferable } from 'node:worker_threads';
import { RULES } from '../checks/registry.js';
import type { ImageRule } from '../checks/rule.js';
import type { Sample } from '../dataset/dataset.js';
import { createKernels } from '../kernels/load.js';
import { imageRows, type RowOptions, rowColumns } from '../sinks/image-rows.js';
import { journalLine } from '../sinks/journal.js';
import { createPictureSink, type PictureOptions } from '../sinks/pictures.js';
import { type DecodedPicture, decodePicture } from './decode-picture.js';
import { hideLungs } from './hide-lungs.js';
import { createLungReader } from './lungs.js';
import { createMeasurer, type GivenPrediction, type MeasureSettings } from './measure-image.js';
import { createRasterReader } from './raster.js';

/** What every worker thread of a run is told once. */
export interface MeasureWorkerData {
  settings: MeasureSettings;
  /** Codes of the rules that are on. */
  rules: readonly string[];
  pictures: PictureOptions;
  rows: RowOptions;
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
      given: readonly GivenPrediction[] | null;
    };

/**
 * `records` is a JSON array, which crosses threads several times as fast as objects do. What is but written, the journal's lines
 * and the rows for each CSV file, comes as UTF-8 that moves without a copy.
 */
export type MeasureAnswer =
  | { kind: 'pictures'; decoded: DecodedPicture[] }
  | { kind: 'measure'; records: string; lines: Uint8Array; rows: Uint8Array[] };

const encoder = new TextEncoder();

/** Sets up one thread's measurer. The answer to each task is complete before the next is asked. */
export async function startMeasuring({ settings, rules, pictures, rows: rowOptions }: MeasureWorkerData) {
  const kernels = createKernels();
  const chosen = new Set(rules);
  const imageRules = RULES.filter((rule): rule is ImageRule => rule.scope === 'image' && chosen.has(rule.code));
  const measurer = createMeasurer(kernels, settings, imageRules);
  const readLungs = createLungReader(kernels, createRasterReader(kernels, settings.root), settings.dataset);
  const look = createPictureSink(kernels, settings, pictures);

  return async function work(task: MeasureTask, transfer: Transferable[]): Promise<MeasureAnswer> {
    if (task.kind === 'pictures') {
      const decoded: DecodedPicture[] = [];
      for (const { sample } of task.samples) {
        const { picture, pixels } = await decodePicture(kernels, measurer.readPicture, settings.root, sample);
        const lungs = settings.probe && pixels ? await readLungs(sample) : null;
        const probed = lungs && pixels ? hideLungs(pixels, lungs) : undefined;
        for (const each of [pixels, ...Object.values(probed ?? {})]) {
          if (each) transfer.push(each.data.buffer as ArrayBuffer);
        }
        decoded.push({ picture, pixels, probed });
      }
      return { kind: 'pictures', decoded };
    }
    const lines: string[] = [];
    const texts = rowColumns(rowOptions).map(() => '');
    for (let i = 0; i < task.samples.length; i++) {
      const { sample, stemIsUnique } = task.samples[i];
      const record = await measurer.measure(sample, stemIsUnique, task.given?.[i] ?? null, look);
      lines.push(journalLine(record));
      for (const [f, row] of imageRows(rowOptions, record).entries()) texts[f] += row;
    }
    const encoded = [lines.join(''), ...texts].map((text) => encoder.encode(text));
    for (const bytes of encoded) transfer.push(bytes.buffer as ArrayBuffer);
    return { kind: 'measure', records: `[${lines.join(',')}]`, lines: encoded[0], rows: encoded.slice(1) };
  };
}
