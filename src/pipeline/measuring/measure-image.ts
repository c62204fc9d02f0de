import { toImageFinding } from '../checks/findings.js';
import type { ImageRule } from '../checks/rule.js';
import { concernsClasses } from '../checks/select.js';
import type { DatasetSpec, Role, Sample } from '../dataset/dataset.js';
import { isImageLevel } from '../dataset/image-level.js';
import type { HeatMaps, ModelOutput } from '../engines/engine.js';
import { type HybridSettings, thresholdsByIndex } from '../engines/hybrid/settings.js';
import type { FileFacts, ImageFacts } from '../facts.js';
import type { Kernels } from '../kernels/kernels.js';
import { type ImageFinding, type ImageRecord, PROBES, type Probe, type Severity } from '../record.js';
import { heatOnGrid, shareInside, shareOn } from './heat.js';
import { createLabelReader } from './image-label.js';
import { gateRecord } from './kept-back.js';
import { createPredictionReader, NO_PREDICTION, type Prediction, type PredictionFolder } from './prediction.js';
import { createRasterReader } from './raster.js';
import { createTruthReader, type Needs, SLOTS, type Truth } from './truth.js';

/** What is read of the picture itself: nothing (`stats`), its header, or its pixels (duplicates). */
export type ImageNeed = 'none' | 'header' | 'pixels';

/** The same for every image of a run; passes to worker threads. */
export interface MeasureSettings {
  /** Absolute path of the dataset folder. */
  root: string;
  dataset: DatasetSpec;
  image: ImageNeed;
  needs: Needs;
  predictions: PredictionFolder | null;
  /** A model predicts: outputs are handed in. Its input size, where the graph fixes one. */
  model: { width: number; height: number } | 'any' | null;
  /** The model also sees each image without its lungs, and its lungs alone. */
  probe?: boolean;
  /** Where the model is a hybrid. */
  hybrid?: HybridSettings;
  /** Severities that replace the rules' own. */
  severity: Record<string, Severity>;
  /** Keys of the classes that findings may be about. */
  classes: readonly string[];
}

/** What was made of an image before a model saw it. */
export interface PictureFacts {
  file: FileFacts;
  pixelHash: string | null;
  perceptualHash: string | null;
}

/** A model's part of an image's measuring: what was read of the picture, and the output (null: the picture could not be read). */
export interface GivenPrediction {
  picture: PictureFacts;
  output: ModelOutput | null;
  /** Of the picture with parts blacked out; absent where nobody asked, or its lungs are not known. */
  probed?: Record<Probe, ModelOutput>;
}

/** The finished maps of an image, for pictures and saved predictions; valid until the next image is measured. */
export interface MeasuredMaps {
  /** Of the label maps; 0 where images as a whole have the classes. */
  width: number;
  height: number;
  /** Label maps, one byte a pixel; null where there is none. */
  truth: Uint8Array | null;
  predicted: Uint8Array | null;
  /** A classifier's. */
  heat: HeatMaps | null;
  /** Not 0 inside the lungs, where heat is compared with them. */
  lungs: { width: number; height: number; mask: Uint8Array } | null;
}

/** Measures images one after the other: files in, one record each. Not to be called again before it has answered. */
export function createMeasurer(
  kernels: Kernels,
  settings: MeasureSettings,
  rules: readonly Pick<ImageRule, 'check' | 'severity'>[],
) {
  const { dataset } = settings;
  const classCount = dataset.classes.length;
  const raster = createRasterReader(kernels, settings.root);
  const ofImages = isImageLevel(dataset);
  const readTruth = ofImages
    ? createLabelReader(kernels, raster, dataset)
    : createTruthReader(kernels, raster, dataset, settings.needs);
  const predictionRaster = settings.predictions && createRasterReader(kernels, settings.predictions.root);
  const readPrediction =
    settings.predictions &&
    predictionRaster &&
    createPredictionReader(kernels, predictionRaster, dataset, settings.predictions);
  const concerns = concernsClasses(settings.classes);
  const thresholds = settings.hybrid ? thresholdsByIndex(settings.hybrid, dataset) : [];

  async function readPicture(sample: Sample): Promise<PictureFacts> {
    const picture: PictureFacts = { file: ABSENT, pixelHash: null, perceptualHash: null };
    const read =
      settings.image === 'pixels' || settings.model !== null
        ? raster.read('image', sample.imagePath, SLOTS.image, 'gray')
        : raster.inspect('image', sample.imagePath);
    picture.file = read instanceof Promise ? await read : read;
    // Between listing and reading a file may go: to the user that is a file that can't be read.
    if (picture.file.state === 'missing') picture.file.state = 'unreadable';
    if (settings.image === 'pixels' && picture.file.state === 'read') {
      const { width, height } = picture.file;
      picture.pixelHash = kernels.hash(SLOTS.image, width * height, width);
      picture.perceptualHash = kernels.differenceHash(SLOTS.image, width, height);
    }
    return picture;
  }

  function takeOutput(output: ModelOutput): Prediction {
    const { width, height, constant, nonFinite, sumError } = output;
    kernels.store(SLOTS.predicted, output.labels);
    return { ...NO_PREDICTION, state: 'read', width, height, constant, nonFinite, sumError };
  }

  async function predict(sample: Sample, stemIsUnique: boolean, given: GivenPrediction | null): Promise<Prediction> {
    if (given) return given.output ? takeOutput(given.output) : { ...NO_PREDICTION, state: 'missing' };
    if (readPrediction) return readPrediction(sample, stemIsUnique);
    return NO_PREDICTION;
  }

  /** Compares the label maps; null where the prediction holds values that are no class. */
  function compare(truth: Truth, prediction: Prediction): number[] | null {
    const { width, height } = truth;
    if (prediction.width !== width || prediction.height !== height) {
      prediction.resizedFrom = { width: prediction.width, height: prediction.height };
      kernels.resizeNearest(SLOTS.predicted, prediction.width, prediction.height, width, height, SLOTS.scratch);
      kernels.store(SLOTS.predicted, kernels.view(SLOTS.scratch, width * height).slice());
    }
    const pixels = width * height;
    const confusion = Array.from(kernels.confusion(SLOTS.truth, SLOTS.predicted, pixels, classCount));
    if (sum(confusion) === sum(truth.counts ?? [])) return confusion;
    prediction.state = 'unreadable';
    prediction.fault = foreignValues(pixels);
    return null;
  }

  /** null where one of them can't be compared. */
  function compareProbed(truth: Truth, outputs: Record<Probe, ModelOutput>): ImageRecord['probe'] | null {
    const compared = PROBES.map((probe) => {
      const confusion = outputs[probe].nonFinite ? null : compare(truth, takeOutput(outputs[probe]));
      return confusion && ([probe, { confusion, maxProbability: outputs[probe].maxProbability }] as const);
    });
    const whole = compared.filter((each) => each !== null);
    return whole.length < PROBES.length ? null : (Object.fromEntries(whole) as ImageRecord['probe']);
  }

  function foreignValues(pixels: number): string {
    const histogram = kernels.histogram(SLOTS.predicted, pixels);
    const values = Array.from({ length: 256 }, (_, value) => value).filter(
      (value) => value >= classCount && histogram[value] > 0,
    );
    const shown = values.slice(0, 6).join(', ') + (values.length > 6 ? ', ...' : '');
    const hint =
      values.length === 1 && values[0] === 255 && histogram[0] + histogram[255] === pixels
        ? '; a 0/255 mask of one class belongs into a folder named by the class key'
        : '';
    return `holds ${values.length === 1 ? 'the value' : 'values'} ${shown}, classes are 0 to ${classCount - 1}${hint}`;
  }

  function judge(facts: ImageFacts): ImageFinding[] {
    const findings: ImageFinding[] = [];
    for (const rule of rules) {
      for (const report of rule.check(facts)) {
        if (!concerns(report)) continue;
        // A finding that names no file of its own is about the image.
        const path = report.path || facts.sample.imagePath;
        findings.push(toImageFinding({ ...report, path }, rule.severity, settings.severity));
      }
    }
    return findings;
  }

  return {
    readPicture,
    /** @param given null where the run has no model */
    async measure(
      sample: Sample,
      stemIsUnique: boolean,
      given: GivenPrediction | null,
      look?: (record: ImageRecord, maps: MeasuredMaps) => Promise<void>,
    ): Promise<ImageRecord> {
      const picture = given ? given.picture : settings.image === 'none' ? null : await readPicture(sample);
      const heat = given?.output?.heat;
      const truth = await readTruth(sample, heat !== undefined);
      const { counts, width, height } = truth;
      const broken = truth.unreadable || picture?.file.state === 'unreadable';
      // Before the prediction itself, which is what the slot holds afterwards.
      const probe = given?.probed && counts !== null && !broken ? compareProbed(truth, given.probed) : null;
      const prediction = await predict(sample, stemIsUnique, given);
      const comparable = counts !== null && !broken && prediction.state === 'read' && !prediction.nonFinite;
      const confusion = comparable ? compare(truth, prediction) : null;
      const gate = given?.output?.gate ? gateRecord(kernels, given.output.gate, confusion && truth) : null;
      const facts: ImageFacts = {
        dataset,
        sample,
        files: filesByRole(truth.files, picture?.file),
        truth: counts,
        confusion,
        maxProbability: given?.output?.maxProbability ?? null,
        lung: truth.lung,
        structures: truth.structures,
        truthOutside: truth.outside,
        predictedOutside: null,
        infectionPixels: truth.infectionPixels,
        prediction,
        gate: gate && { ...gate, thresholds },
        heatInLungs: null,
        lungShare: null,
      };
      if (confusion && settings.needs.outside && truth.lungMask) {
        const outside = kernels.countLabelsWhereZero(SLOTS.predicted, SLOTS.lung, width * height, classCount);
        facts.predictedOutside = Array.from(outside);
      }
      if (heat && confusion && truth.lungMask) {
        const { width, height } = truth.lungMask;
        const lungs = kernels.view(SLOTS.lung, width * height);
        const [predicted] = kernels.view(SLOTS.predicted, 1);
        facts.heatInLungs = shareInside(heatOnGrid(heat, predicted, width, height), lungs);
        facts.lungShare = shareOn(lungs);
      }
      // One pixel stands for the image, and is not its size.
      const size = ofImages ? (picture?.file ?? ABSENT) : truth;
      const record: ImageRecord = {
        index: sample.index,
        image: sample.image,
        split: sample.split,
        source: sample.source,
        status: broken ? 'unreadable' : confusion ? 'scored' : 'unscored',
        width: size.width || null,
        height: size.height || null,
        imagePath: sample.imagePath,
        truthPath: sample.labelPath ?? sample.infectionPath ?? sample.lungPath ?? '',
        predictionPath: prediction.path,
        truth: counts,
        confusion,
        maxProbability: facts.maxProbability as (number | null)[] | null,
      };
      if (gate) record.gate = gate;
      if (truth.rawCounts) record.rawTruth = truth.rawCounts;
      if (truth.otherLabels.length > 0) record.otherLabels = [...truth.otherLabels];
      if (heat && confusion) record.heatInLungs = facts.heatInLungs;
      if (counts && !ofImages && settings.model !== null && settings.model !== 'any') {
        record.modelTruth = countAtModelSize(width, height, settings.model);
      }
      if (prediction.resizedFrom) record.resized = true;
      if (probe !== null && confusion) record.probe = probe;
      if (picture?.pixelHash) {
        record.pixelHash = picture.pixelHash;
        if (picture.perceptualHash) record.perceptualHash = picture.perceptualHash;
        if (counts) record.truthHash = kernels.hash(SLOTS.truth, width * height, width);
      }
      const findings = judge(facts);
      if (findings.length > 0) record.findings = findings;
      if (look) {
        await look(record, ofImages ? heatMaps(truth, heat) : labelMaps(truth, confusion !== null));
      }
      return record;
    },
  };

  function labelMaps({ counts, width, height }: Truth, isScored: boolean): MeasuredMaps {
    return {
      width,
      height,
      truth: counts && settings.needs.map ? kernels.view(SLOTS.truth, width * height) : null,
      predicted: isScored ? kernels.view(SLOTS.predicted, width * height) : null,
      heat: null,
      lungs: null,
    };
  }

  function heatMaps({ lungMask }: Truth, heat: HeatMaps | undefined): MeasuredMaps {
    const mask = lungMask && kernels.view(SLOTS.lung, lungMask.width * lungMask.height);
    const lungs = lungMask && mask && { ...lungMask, mask };
    return { width: 0, height: 0, truth: null, predicted: null, heat: heat ?? null, lungs };
  }

  function countAtModelSize(width: number, height: number, model: { width: number; height: number }): number[] {
    kernels.resizeNearest(SLOTS.truth, width, height, model.width, model.height, SLOTS.scratch);
    return Array.from(kernels.countLabels(SLOTS.scratch, model.width * model.height, classCount));
  }
}

const ABSENT = {} as FileFacts;

function filesByRole(files: readonly FileFacts[], image: FileFacts | undefined): Partial<Record<Role, FileFacts>> {
  const byRole: Partial<Record<Role, FileFacts>> = {};
  if (image) byRole.image = image;
  for (const file of files) byRole[file.role] = file;
  return byRole;
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
