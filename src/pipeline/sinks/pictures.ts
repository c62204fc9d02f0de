import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isImageLevel } from '../dataset/image-level.js';
import type { Kernels } from '../kernels/kernels.js';
import type { MeasuredMaps, MeasureSettings } from '../measuring/measure-image.js';
import { createRasterReader } from '../measuring/raster.js';
import { SLOTS } from '../measuring/truth.js';
import { focusClasses } from '../overlays/focus.js';
import { renderHeat } from '../overlays/render-heat.js';
import { renderOverlay } from '../overlays/render-overlay.js';
import { encodePng } from '../png/encode.js';
import type { ImageRecord } from '../record.js';
import { heatOfClasses } from '../viewing/heat-view.js';
import { answerWords, heatWords } from '../words/image-answer.js';
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
  const ofImages = isImageLevel(dataset);
  const raster = createRasterReader(kernels, settings.root);
  const chosen = dataset.classes.filter(({ key }) => settings.classes.includes(key));
  const focus = focusClasses(dataset, chosen);

  return async function look(record: ImageRecord, maps: MeasuredMaps): Promise<void> {
    // Copies: reading the picture moves the kernels' memory.
    const lungs = maps.lungs && { ...maps.lungs, mask: maps.lungs.mask.slice() };
    const truth = maps.truth?.slice() ?? null;
    const predicted = maps.predicted?.slice() ?? null;
    const { width, height } = maps;
    if (savePredictions && predicted) {
      save('predictions', record, encodePng({ width, height, data: predicted }));
    }
    const failed = chosen.some((spec) => isFailure(countsOf(record, spec), dataset.thresholds.iouBelow));
    if (overlays === 'none' || (overlays === 'failures' && !failed)) return;
    if (ofImages) {
      if (record.confusion !== null) await lookAtHeat(record, maps.heat, lungs);
      return;
    }
    if (truth === null && predicted === null) return;
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

  async function lookAtHeat(record: ImageRecord, heat: MeasuredMaps['heat'], lungs: MeasuredMaps['lungs']) {
    const file = await raster.read('image', record.imagePath, SLOTS.image, 'gray');
    if (file.state !== 'read') return;
    const { width, height } = file;
    const image = kernels.view(SLOTS.image, width * height).slice();
    const found = heat === null ? [] : heatOfClasses(kernels, record, heat, { width, height, lungs });
    const picture = renderHeat({
      ...{ image, width, height },
      heat: found.map(({ classIndex, map, inLungs }) => ({
        caption: heatWords(dataset.classes[classIndex], inLungs),
        map,
      })),
      words: [record.image, answerWords(dataset.classes, record)],
    });
    save('overlays', record, encodePng({ ...picture, color: 'rgb' }, { filter: 'photo', search: 'all' }));
  }

  function save(kind: string, record: ImageRecord, bytes: Uint8Array): void {
    const file = path.join(folder, kind, `${record.image}.png`);
    guard(file, () => {
      makeFolder(path.dirname(file));
      writeFileSync(file + PART, bytes);
      renameSync(file + PART, file);
    });
  }
}
