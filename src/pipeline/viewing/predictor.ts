import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Sample } from '../dataset/dataset.js';
import type { Engine } from '../engines/engine.js';
import { openEngine } from '../engines/registry.js';
import type { Kernels } from '../kernels/kernels.js';
import { decodePicture } from '../measuring/decode-picture.js';
import type { GivenPrediction, PictureFacts } from '../measuring/measure-image.js';
import type { PredictionFolder } from '../measuring/prediction.js';
import type { JournalHeader } from '../sinks/journal.js';

/** The folder of predictions that a run's figures can be made from again; null where it had none, or a model must predict anew. */
export function predictionFolderOf(folder: string | null, header: JournalHeader): PredictionFolder | null {
  const plain = { classFolders: [], nested: true, flat: false, prefix: '', suffix: '' };
  if (header.predictions !== null) {
    return { ...plain, flat: true, ...header.predictionFolder, root: header.predictions };
  }
  const saved = folder === null ? '' : path.join(folder, 'predictions');
  return header.model !== null && existsSync(saved) ? { ...plain, root: saved } : null;
}

/** Runs a run's model over single images, on an engine that is `given` or on one that is loaded for the first of them. */
export function createPredictor(kernels: Kernels, header: JournalHeader, model: string, given: Engine | null) {
  let opening: Promise<Engine> | null = null;
  const { root, dataset, card, classes } = header;
  const options = { dataset, card, classes, model, engine: 'auto', device: 'auto', batch: null, jobs: 1 } as const;
  return {
    async predict(sample: Sample, readPicture: (sample: Sample) => Promise<PictureFacts>): Promise<GivenPrediction> {
      if (given === null) opening ??= openEngine(options, () => {});
      const engine = given ?? ((await opening) as Engine);
      const { picture, pixels } = await decodePicture(kernels, readPicture, root, sample);
      const output = pixels && (await engine.infer([pixels]))[0];
      return { picture, output };
    },
    async close(): Promise<void> {
      await (await opening?.catch(() => null))?.close();
    },
  };
}
