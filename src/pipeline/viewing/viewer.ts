import type { Engine } from '../engines/engine.js';
import type { ImageFacts } from '../facts.js';
import { createKernels } from '../kernels/load.js';
import { createMeasurer, type MeasuredMaps, type MeasureSettings } from '../measuring/measure-image.js';
import { createRasterReader } from '../measuring/raster.js';
import { SLOTS } from '../measuring/truth.js';
import type { ImageRecord } from '../record.js';
import type { JournalHeader } from '../sinks/journal.js';
import type { Discovery } from '../stages/discover.js';
import { type ClassHeat, heatOfClasses } from './heat-view.js';
import { createPredictor, predictionFolderOf } from './predictor.js';
import { createSampleFinder } from './sample-finder.js';

/** The pixels of one image of a run, on its annotation's grid (without one: the picture's own), row-major, a byte a pixel. */
export interface ImageView {
  record: ImageRecord;
  /** In pixels; 0 where neither annotation nor picture can be read. */
  width: number;
  height: number;
  /** Gray, 0 black; brought to the grid by nearest neighbour where its size differs. null where it can't be read. */
  image: Uint8Array | null;
  /** Class indices; a value of C or more is no class (an ignore index). null where there is none or it can't be read. */
  truth: Uint8Array | null;
  /** Class indices; null where the run scored none. */
  predicted: Uint8Array | null;
  /** Of a classifier, of each class that is looked at; empty where its graph gives none. */
  heat: readonly ClassHeat[];
  /** A sentence for everything that is not there or not as it was when the run was made. */
  faults: string[];
}

export interface Viewer {
  /** Calls are served one after the other. Never rejects for what is wrong with the data: that is in `faults`. */
  view(record: ImageRecord): Promise<ImageView>;
  close(): Promise<void>;
}

/** What the caller has of the run. */
export interface AtHand {
  /** The run folder, where saved predictions may lie; without it they are not looked for. */
  folder?: string | null;
  /** The run's own engine, where it is open: it is used, and stays open. */
  engine?: Engine | null;
  /** The names of the dataset's folders, where they were read. */
  discovery?: Discovery | null;
}

const MAPS_ALONE = { lung: false, structures: false, outside: false, map: true };

/**
 * Gives the label maps that a run's records were counted from, by the code that counted them, and says where counting them again
 * does not give the record: files change, and a model may compute on another device.
 *
 * @param atHand what need not be opened again
 */
export function openViewer(header: JournalHeader, atHand: AtHand = {}): Viewer {
  const { folder = null, engine = null, discovery = null } = atHand;
  const kernels = createKernels();
  const predictions = predictionFolderOf(folder, header);
  const predictor =
    header.model !== null && predictions === null ? createPredictor(kernels, header, header.model, engine) : null;
  const settings: MeasureSettings = {
    root: header.root,
    dataset: header.dataset,
    image: 'none',
    needs: MAPS_ALONE,
    predictions,
    model: predictor && 'any',
    severity: {},
    classes: [],
  };
  let facts: ImageFacts | null = null;
  // A rule that finds nothing is how the facts that rules see are seen here.
  const witness = {
    severity: 'info',
    check(seen: ImageFacts) {
      facts = seen;
      return [];
    },
  } as const;
  const measurer = createMeasurer(kernels, settings, [witness]);
  const unpredicted = createMeasurer(kernels, { ...settings, predictions: null, model: null }, [witness]);
  const raster = createRasterReader(kernels, header.root);
  const findSample = createSampleFinder(header, discovery);

  async function look(record: ImageRecord): Promise<ImageView> {
    const view: ImageView = { ...NO_VIEW, record, faults: [] };
    let seen: Pick<MeasuredMaps, 'heat' | 'lungs'> = { heat: null, lungs: null };
    const sample = findSample(record);
    // What was not scored has no label map to show, and a model need not run for it.
    const scored = record.status === 'scored';
    let given = null;
    try {
      given = scored && predictor ? await predictor.predict(sample, measurer.readPicture) : null;
    } catch (error) {
      view.faults.push(`no prediction: ${(error as Error).message}`);
    }
    const predicts = scored && (predictor === null || given !== null);
    const again = await (predicts ? measurer : unpredicted).measure(sample, true, given, async (_, maps) => {
      view.width = maps.width;
      view.height = maps.height;
      view.truth = maps.truth?.slice() ?? null;
      view.predicted = maps.predicted?.slice() ?? null;
      // Reading the picture moves the kernels' memory.
      seen = { heat: maps.heat, lungs: maps.lungs && { ...maps.lungs, mask: maps.lungs.mask.slice() } };
    });
    if (facts) view.faults.push(...faultsOf(facts, predicts));
    view.faults.push(...changes(record, again, predicts));
    await addImage(view);
    if (seen.heat !== null && view.width > 0) {
      const { width, height } = view;
      view.heat = heatOfClasses(kernels, again, seen.heat, { width, height, lungs: seen.lungs });
    }
    return view;
  }

  async function addImage(view: ImageView): Promise<void> {
    const file = await raster.read('image', view.record.imagePath, SLOTS.image, 'gray');
    if (file.state !== 'read') {
      view.faults.push(`image ${file.path}: ${file.fault ?? 'it is missing'}`);
      return;
    }
    view.width ||= file.width;
    view.height ||= file.height;
    const { width, height } = view;
    const fits = file.width === width && file.height === height;
    if (!fits) kernels.resizeNearest(SLOTS.image, file.width, file.height, width, height, SLOTS.scratch);
    view.image = kernels.view(fits ? SLOTS.image : SLOTS.scratch, width * height).slice();
  }

  let last: Promise<unknown> = Promise.resolve();
  return {
    view(record) {
      const view = last.then(() =>
        look(record).catch((error: Error) => ({ ...NO_VIEW, record, faults: [error.message] })),
      );
      last = view;
      return view;
    },
    async close() {
      await last;
      await predictor?.close();
    },
  };
}

const NO_VIEW = { width: 0, height: 0, image: null, truth: null, predicted: null, heat: [] };

/** What could not be read, file by file. */
function faultsOf({ files, prediction }: ImageFacts, predicts: boolean): string[] {
  const faults: string[] = [];
  for (const { role, path, state, fault } of Object.values(files)) {
    if (role !== 'image' && (state === 'missing' || state === 'unreadable')) {
      faults.push(`${role === 'label' ? 'annotation' : `${role} mask`} ${path}: ${fault ?? 'it is missing'}`);
    }
  }
  if (predicts && (prediction.state === 'missing' || prediction.state === 'unreadable')) {
    faults.push(`prediction ${prediction.path}: ${prediction.fault ?? 'it is missing'}`.replace('  ', ' '));
  }
  return faults;
}

/** Where the counts of now are not those of the record. */
function changes(record: ImageRecord, again: ImageRecord, predicts: boolean): string[] {
  const differs = (a: number[] | null, b: number[] | null) => a !== null && b !== null && a.join() !== b.join();
  if (differs(record.truth, again.truth))
    return ['the annotation has changed since the run: its counts are others now'];
  if (predicts && differs(record.confusion, again.confusion)) {
    return ['the prediction has changed since the run: its counts are others now'];
  }
  return [];
}
