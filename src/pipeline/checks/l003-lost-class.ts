import type { DatasetSpec } from '../dataset/dataset.js';
import type { FileFacts, MaskFacts } from '../facts.js';
import type { ImageRecord } from '../record.js';
import { fittingEncoding } from './gray-diagnosis.js';
import { isInfection, isLost, MASK_ROLES, maskClass, ROLE_NAMES } from './mask-class.js';
import { type ImageRule, NOTHING, type Report, type RulePage, type SetRule } from './rule.js';
import { number, quantity } from './wording.js';

const PAGE: RulePage = {
  code: 'L003',
  title: 'A class is lost between the raw annotation and the used one',
  severity: 'error',
  what: `
    A class is followed through its steps, in pixels: raw (what the mask file holds, read without a stated encoding; any non-zero
    pixel where that finds none, or what a black mask has in its alpha channel), encoded (after \`maskEncoding\`), resized (the label map brought to the model's input size by
    nearest neighbour), in the batch (of scored images). An image is named where raw > 0 and encoded = 0, or encoded > 0 and
    resized = 0. The whole set is named where a class is lost in every image that has it, with the totals.`,
  why: `
    A class that is lost on the way is absent from truth, and a model that never predicts it agrees with that everywhere: with the
    usual smoothing its IoU is exactly 1.0000. The classic causes: 255 compared to 1 (or 1 to 255), a threshold above the
    mask's values, \`mask // 255\` on a 0/1 mask, a resize to a small input in which lesions of a few pixels vanish.`,
  fix: `
    The message says at which step. Lost when it was encoded: let the histogram decide, or state what the file holds:

    { "maskEncoding": "auto" }

    Lost in the resize: use a model with a larger input, or count these lesions as beyond its reach. See the steps of each class:

    $ maskaudit audit DATASET --format json | jq '.classes[] | {key, path}'`,
};

/** Per image: a mask with pixels of which the encoding in force takes none. */
export const lostClass: ImageRule = {
  scope: 'image',
  ...PAGE,
  check(facts) {
    let reports: Report[] | null = null;
    for (const role of MASK_ROLES) {
      const file = facts.files[role];
      if (file === undefined || file.mask === null || file.mask === undefined) continue;
      const { mask } = file;
      const raw = role === 'label' ? lostLabels(mask, facts.dataset) : isLost(file) ? mask.rawOn : 0;
      if (raw === 0) continue;
      reports ??= [];
      reports.push({
        rule: 'L003',
        class: maskClass(facts.dataset, facts.sample, role),
        value: raw,
        message: `${ROLE_NAMES[role]}: ${quantity(raw, 'pixel')} raw${where(file)}, 0 encoded as ${mask.applied}; ${remedy(file, mask)}`,
        path: file.path,
      });
    }
    return reports ?? NOTHING;
  },
};

function where({ alphaOnly }: FileFacts): string {
  return alphaOnly > 0 ? ' in its alpha channel' : '';
}

function remedy({ alphaOnly }: FileFacts, { applied, histogram }: MaskFacts): string {
  if (alphaOnly > 0) return 'write them as gray 255, without alpha';
  return applied === 'index'
    ? 'class 1 is to be written as value 1'
    : `maskEncoding ${fittingEncoding(histogram)} would keep them`;
}

/** Pixels of a two-class label mask that are neither background nor to be ignored, where none of them is class 1. */
function lostLabels({ histogram }: MaskFacts, { classes, ignoreIndex }: DatasetSpec): number {
  if (classes.length !== 2 || histogram[1] > 0 || ignoreIndex === 1) return 0;
  let pixels = 0;
  for (let value = 2; value < 256; value++) if (value !== ignoreIndex) pixels += histogram[value];
  return pixels;
}

/** Pixels of one class, over all images whose annotation was read, at each step. */
interface Steps {
  images: number;
  raw: number;
  encoded: number;
  resized: number;
  batch: number;
}

/** Images whose class the resize to the model loses, and classes that are lost in all their images. */
export const lostClassInSet: SetRule = {
  scope: 'set',
  ...PAGE,
  start(dataset) {
    const { classes } = dataset;
    const steps: Steps[] = classes.map(() => ({ images: 0, raw: 0, encoded: 0, resized: 0, batch: 0 }));
    const reports: Report[] = [];
    let isResized = false;
    let scored = 0;
    return {
      add(record) {
        const { truth } = record;
        if (truth === null) return;
        const raw = record.rawTruth ?? truth;
        const model = record.modelTruth ?? truth;
        if (record.modelTruth !== undefined) isResized = true;
        if (record.status === 'scored') scored++;
        for (let c = 1; c < classes.length; c++) {
          const sum = steps[c];
          if (raw[c] > 0) sum.images++;
          sum.raw += raw[c];
          sum.encoded += truth[c];
          sum.resized += model[c];
          if (record.status === 'scored') sum.batch += model[c];
          if (truth[c] > 0 && model[c] === 0) reports.push(lostInResize(record, classes[c].key, raw[c], truth[c]));
        }
      },
      finish() {
        // The lung is lost with the lesions in it: they are told first.
        const told = [...classes].sort(
          (a, b) => Number(isInfection(dataset, b.index)) - Number(isInfection(dataset, a.index)),
        );
        const lost = told.flatMap(({ key, index: c }) => {
          const sum = steps[c];
          if (c === 0 || sum.raw === 0 || sum.resized > 0) return [];
          return [
            { rule: 'L003', class: key, value: sum.raw, message: lostEverywhere(key, sum, isResized, scored > 0) },
          ];
        });
        return [...lost, ...reports];
      },
    };
  },
};

function lostInResize(record: ImageRecord, key: string, raw: number, encoded: number): Report {
  return {
    rule: 'L003',
    image: record.image,
    split: record.split,
    source: record.source,
    class: key,
    value: encoded,
    message: `${key}: ${quantity(raw, 'pixel')} raw, ${number(encoded)} encoded, 0 resized to the model's input`,
    path: record.truthPath,
  };
}

function lostEverywhere(key: string, sum: Steps, isResized: boolean, isScored: boolean): string {
  const steps = [`${quantity(sum.raw, 'pixel')} raw`, `${number(sum.encoded)} encoded`];
  if (isResized) steps.push(`${number(sum.resized)} resized to the model's input`);
  if (isScored) steps.push(`${number(sum.batch)} in the batch`);
  const images = sum.images === 1 ? 'the one image that has it' : `all ${number(sum.images)} images that have it`;
  const step = sum.encoded === 0 ? 'when the masks are encoded' : "in the resize to the model's input";
  return `${key} is lost in ${images}, ${step}: ${steps.join(', ')}`;
}
