import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Kernels } from '../kernels/kernels.js';
import type { MeasuredMaps, MeasureSettings } from '../measuring/measure-image.js';
import { createRasterReader } from '../measuring/raster.js';
import { SLOTS } from '../measuring/truth.js';
import { focusClasses } from '../overlays/focus.js';
import { renderOverlay } from '../overlays/render-overlay.js';
import { encodePng } from '../png/encode.js';
import type { ImageRecord } from '../record.js';
import { guard, makeFolder, PART } from './files.js';
import { countsOf, isFailure } from './tables.js';

export interface PictureOptions {
  /** The run folder, absolute. */
  folder: string;
  overlays: 'none' | 'failures' | 'all';
  savePredictions: boolean;
}

/** Pictures of a run, written where the label maps are at hand; undefined where none was asked for. */
export function createPictureSink(kernels: Kernels, settings: MeasureSettings, options: PictureOptions) {
  const { folder, overlays, savePredictions } = options;
  if (overlays === 'none' && !savePredictions) return undefined;
  const { dataset } = settings;
  const raster = createRasterReader(kernels, settings.root);
  const chosen = dataset.classes.filter(({ key }) => settings.classes.includes(key));
  const focus = focusClasses(dataset, chosen);

  return async function look(record: ImageRecord, maps: MeasuredMaps): Promise<void> {
    // Copies: reading the picture moves the kernels' memory.
    const truth = maps.truth?.slice() ?? null;
    const predicted = maps.predicted?.slice() ?? null;
    const { width, height } = maps;
    if (savePredictions && predicted) {
      save('predictions', record, encodePng({ width, height, data: predicted }));
    }
    const failed = chosen.some((spec) => isFailure(countsOf(record, spec), dataset.thresholds.iouBelow));
    if (overlays === 'all' ? truth === null && predicted === null : overlays === 'none' || !failed) return;
    const file = await raster.read('image', record.imagePath, SLOTS.image, 'gray');
    const shown = file.state === 'read' && file.width === width && file.height === height;
    const picture = renderOverlay({
      image: shown ? kernels.view(SLOTS.image, width * height).slice() : null,
      width,
      height,
      truth,
      predicted,
      classes: [...dataset.classes],
      focus: focus.map(({ index }) => index),
      title: record.image,
    });
    save('overlays', record, encodePng({ ...picture, color: 'rgb' }, { filter: 'photo', search: 'all' }));
  };

  function save(kind: string, record: ImageRecord, bytes: Uint8Array): void {
    const file = path.join(folder, kind, `${record.image}.png`);
    guard(file, () => {
      makeFolder(path.dirname(file));
      writeFileSync(file + PART, bytes);
      renameSync(file + PART, file);
    });
  }
}
