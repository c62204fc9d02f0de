import type { DatasetSpec, Sample } from '../dataset/dataset.js';
import { readEncoding } from '../dataset/encoding.js';
import type { FileFacts, LungFacts, StructureFacts } from '../facts.js';
import type { Kernels, MaskSurvey, Slot } from '../kernels/kernels.js';
import type { RasterReader, Values } from './raster.js';

/** Where the measuring of one image keeps its rasters. */
export const SLOTS = { image: 0, lung: 1, infection: 2, truth: 3, predicted: 4, scratch: 5 } as const satisfies Record<
  string,
  Slot
>;

/** Which facts the rules of a run look at; what nobody looks at is not computed. */
export interface Needs {
  /** The label map itself: to be compared, hashed, resized or drawn. Its counts need no map. */
  map: boolean;
  lung: boolean;
  structures: boolean;
  outside: boolean;
}

/** The annotation of one image; its label map, where it is needed, lies in `SLOTS.truth` if `counts` is not null. */
export interface Truth {
  files: FileFacts[];
  width: number;
  height: number;
  /** Pixels of each class, length C; null where no label map could be made. */
  counts: number[] | null;
  /** The same by the unforced reading of the masks, where it differs. */
  rawCounts: number[] | null;
  /** A mask that is there and can't be read. */
  unreadable: boolean;
  /** Size of the lung mask (0/255) in `SLOTS.lung`, null where there is none. */
  lungMask: { width: number; height: number } | null;
  lung: LungFacts | null;
  structures: StructureFacts[];
  /** Of an image with one class as a whole: the other classes of images that its mask has. */
  otherLabels: readonly number[];
  /** Annotated pixels of each class outside the lung mask. */
  outside: number[] | null;
  infectionPixels: number | null;
}

/** A mask that was brought to 0/255 in its slot. */
interface BinaryMask {
  survey: MaskSurvey;
  rawOn: number;
  /** The unforced reading's table where it takes other pixels than the encoding in force. */
  rawTable: Uint8Array | null;
  /** Where the unforced reading finds its pixels. */
  rawValues: Values;
}

/** `lungs`: whether the lung mask is needed in any case, which an image's label may not be made from. */
export type ReadTruth = (sample: Sample, lungs: boolean) => Promise<Truth>;

/** Reads an image's annotation into a label map. Synchronous for PNG files; a promise where another decoder is needed. */
export function createTruthReader(
  kernels: Kernels,
  raster: RasterReader,
  dataset: DatasetSpec,
  needs: Needs,
): ReadTruth {
  const classCount = dataset.classes.length;
  // One histogram a role, since rules look at it before the next image is read.
  const histograms = { lung: new Uint32Array(256), infection: new Uint32Array(256) };

  async function readXray(sample: Sample): Promise<Truth> {
    const truth = emptyTruth();
    const lungRead = readMask(truth, 'lung', sample.lungPath);
    const lungFile = lungRead instanceof Promise ? await lungRead : lungRead;
    const infectionRead = readMask(truth, 'infection', sample.infectionPath);
    const infectionFile = infectionRead instanceof Promise ? await infectionRead : infectionRead;
    if (truth.unreadable) return truth;

    const lung = lungFile ? toBinary('lung', lungFile) : null;
    const infection = infectionFile ? toBinary('infection', infectionFile) : null;
    const sized = lungFile ?? infectionFile;
    if (!sized) return truth;
    truth.width = sized.width;
    truth.height = sized.height;
    truth.infectionPixels = infection?.survey.on ?? null;
    if (lung && lungFile) {
      truth.lungMask = { width: lungFile.width, height: lungFile.height };
      if (needs.lung) truth.lung = lungFacts(lungFile, lung.survey);
      if (needs.structures) addStructure(truth, lungFile, 'lung', lung.survey.on);
    }
    const label = infectionLabel(sample.source);
    if (infection && infectionFile && label > 0 && needs.structures) {
      addStructure(truth, infectionFile, dataset.classes[label].key, infection.survey.on);
    }
    const clash =
      lungFile && infectionFile && (lungFile.width !== infectionFile.width || lungFile.height !== infectionFile.height);
    if (sample.unlabelled || clash || !lung) return truth;
    truth.counts = compose(truth, sample, lung.survey.on, infection?.survey.on ?? 0);
    if (lung.rawTable || infection?.rawTable) truth.rawCounts = await countRaw(truth, sample, lung, infection);
    return truth;
  }

  /** What an image's infection mask is painted as; 0: it is not painted. */
  function infectionLabel(source: string): number {
    if (classCount < 4) return 0;
    if (source === 'COVID-19') return 2;
    return source === 'Non-COVID' && dataset.nonCovid !== 'none' ? 3 : 0;
  }

  function readMask(truth: Truth, role: 'lung' | 'infection', path: string | null) {
    if (path === null) return null;
    const settle = (facts: FileFacts): FileFacts | null => {
      truth.files.push(facts);
      if (facts.state === 'read') return facts;
      truth.unreadable = true;
      return null;
    };
    const read = raster.read(role, path, SLOTS[role], 'gray');
    return read instanceof Promise ? read.then(settle) : settle(read);
  }

  function toBinary(role: 'lung' | 'infection', facts: FileFacts): BinaryMask {
    const { width, height } = facts;
    const pixels = width * height;
    const survey = kernels.surveyMask(SLOTS[role], width, height);
    const histogram = histograms[role];
    const stated = dataset.maskEncoding;
    if (survey.clean) {
      histogram.fill(0);
      histogram[0] = pixels - survey.on;
      histogram[255] = survey.on;
      if (facts.alphaOnly === 0 && (stated === 'auto' || stated === '0-255')) {
        facts.mask = { histogram, stated, applied: '0-255', rawOn: survey.on, encodedOn: survey.on };
        return { survey, rawOn: survey.on, rawTable: null, rawValues: 'gray' };
      }
    } else histogram.set(kernels.histogram(SLOTS[role], pixels));
    const reading = readEncoding(histogram, stated);
    const { applied, encodedOn } = reading;
    const rawOn = reading.rawOn || facts.alphaOnly;
    facts.mask = { histogram, stated, applied, rawOn, encodedOn };
    const same = Buffer.compare(reading.table, reading.rawTable) === 0 || rawOn === encodedOn;
    const rawTable = same ? null : reading.rawTable;
    const rawValues = reading.rawOn < rawOn ? 'alpha' : 'gray';
    return { survey: survey01(role, facts, reading.table), rawOn, rawTable, rawValues };
  }

  /** Applies the table that makes a mask 0/255, and surveys it. */
  function survey01(role: 'lung' | 'infection', { width, height }: FileFacts, table: Uint8Array): MaskSurvey {
    kernels.applyTable(SLOTS[role], width * height, table, SLOTS[role]);
    return kernels.surveyMask(SLOTS[role], width, height);
  }

  /** Counts the label map of two surveyed masks, and paints it into SLOTS.truth where it is needed. */
  function compose(truth: Truth, sample: Sample, lungOn: number, infectionOn: number): number[] {
    const { width, height } = truth;
    const counts = new Array<number>(classCount).fill(0);
    const painted = infectionLabel(sample.source);
    const mask = infectionOn > 0 && painted > 0 ? SLOTS.infection : null;
    const wholeLung = sample.source === 'Non-COVID' && classCount > 3 && dataset.nonCovid === 'lung' && mask === null;
    const lungLabel = wholeLung ? 3 : 1;
    const outside = mask === null ? 0 : kernels.countOutside(mask, SLOTS.lung, width, height);
    counts[0] = width * height - lungOn - outside;
    counts[lungLabel] += mask === null ? lungOn : lungOn - (infectionOn - outside);
    if (mask !== null) counts[painted] += infectionOn;
    if (needs.map) kernels.composeLabels(SLOTS.lung, mask, lungLabel, painted, width * height, SLOTS.truth);
    if (needs.outside) {
      truth.outside = new Array<number>(classCount).fill(0);
      if (mask !== null) truth.outside[painted] = outside;
    }
    return counts;
  }

  /** The counts by the unforced reading: the files are read again, since the slots hold what the encoding made of them. */
  async function countRaw(truth: Truth, sample: Sample, lung: BinaryMask, infection: BinaryMask | null) {
    const pixels = truth.width * truth.height;
    const { outside } = truth;
    const maps = [SLOTS.truth, SLOTS.lung] as const;
    const kept = maps.map((slot) => kernels.view(slot, pixels).slice());
    for (const [role, mask, path] of [
      ['lung', lung, sample.lungPath],
      ['infection', infection, sample.infectionPath],
    ] as const) {
      if (!mask?.rawTable || path === null) continue;
      const facts = await raster.read(role, path, SLOTS[role], mask.rawValues);
      survey01(role, facts, mask.rawTable);
    }
    const counts = compose(truth, sample, lung.rawOn, infection?.rawOn ?? 0);
    truth.outside = outside;
    for (const [i, slot] of maps.entries()) kernels.store(slot, kept[i]);
    return counts;
  }

  function addStructure(truth: Truth, facts: FileFacts, key: string, on: number): void {
    if (on === 0 || on === facts.width * facts.height) return;
    const { width, height, role, path } = facts;
    const slot = role === 'lung' ? SLOTS.lung : SLOTS.infection;
    const found = kernels.maskComponents(slot, width, height, dataset.thresholds.speckPixels);
    truth.structures.push({ role, class: key, path, ...found });
  }

  async function readLabels(sample: Sample): Promise<Truth> {
    const truth = emptyTruth();
    if (sample.labelPath === null) return truth;
    const read = raster.read('label', sample.labelPath, SLOTS.truth, 'index');
    const facts = read instanceof Promise ? await read : read;
    truth.files.push(facts);
    if (facts.state !== 'read') {
      truth.unreadable = true;
      return truth;
    }
    const { width, height } = facts;
    truth.width = width;
    truth.height = height;
    const pixels = width * height;
    const histogram = kernels.histogram(SLOTS.truth, pixels);
    const labelled = pixels - histogram[0];
    facts.mask = { histogram, stated: 'auto', applied: 'index', rawOn: labelled, encodedOn: labelled };
    const ignored = dataset.ignoreIndex;
    if (ignored !== null && ignored < classCount) {
      // Counts leave out what is no class, so an ignored value inside the range is moved out of it.
      const table = Uint8Array.from({ length: 256 }, (_, value) => (value === ignored ? 255 : value));
      kernels.applyTable(SLOTS.truth, pixels, table, SLOTS.truth);
    }
    truth.counts = Array.from(kernels.countLabels(SLOTS.truth, pixels, classCount));
    // A 0/255 mask where a 0/1 label map belongs: the one class is there to see, and lost.
    if (classCount === 2 && ignored !== 255 && histogram[255] > 0 && histogram[0] + histogram[255] === pixels) {
      truth.rawCounts = [histogram[0], histogram[255]];
    }
    if (needs.structures) {
      for (const { index, key } of dataset.classes) {
        if (index === 0 || truth.counts[index] === 0) continue;
        const found = kernels.components(SLOTS.truth, width, height, index, dataset.thresholds.speckPixels);
        truth.structures.push({ role: 'label', class: key, path: facts.path, ...found });
      }
    }
    return truth;
  }

  return dataset.layout === 'masks' ? readLabels : readXray;
}

export function emptyTruth(): Truth {
  return {
    files: [],
    width: 0,
    height: 0,
    counts: null,
    rawCounts: null,
    unreadable: false,
    lungMask: null,
    lung: null,
    structures: [],
    otherLabels: [],
    outside: null,
    infectionPixels: null,
  };
}

function lungFacts({ path, width, height }: FileFacts, { on, left, border }: MaskSurvey): LungFacts {
  const borderPixels = height < 2 || width < 2 ? width * height : 2 * (width + height) - 4;
  return { path, pixels: on, width, height, left, right: on - left, border, borderPixels };
}
