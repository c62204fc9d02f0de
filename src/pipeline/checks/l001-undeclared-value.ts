import type { DatasetSpec } from '../dataset/dataset.js';
import type { FileFacts, MaskFacts } from '../facts.js';
import { fittingEncoding, grayDiagnosis, isBinary } from './gray-diagnosis.js';
import { MASK_ROLES, maskClass, ROLE_NAMES } from './mask-class.js';
import { type ImageRule, NOTHING, type Report } from './rule.js';
import { number, quantity, valueList } from './wording.js';

export const undeclaredValue: ImageRule = {
  scope: 'image',
  code: 'L001',
  title: 'A mask holds a value outside of the declared set',
  severity: 'error',
  what: `
    covid-qu-ex masks are declared 0/255. Under \`maskEncoding: auto\` a mask of 0 and 1 is read as 0/1 and reported here. A stated
    \`0-255\` or \`0-1\` is applied as stated, and every other value is reported (in-between grays of a resized 0/255 mask are L002).
    \`nonzero\`, \`threshold:N\` and \`equals:N\` declare no set. Label masks: a value that is no class's index and not the
    \`ignoreIndex\`. The value of the finding is the number of such pixels.`,
  why: `
    The same mask is all background to a loader that asks for 255 and right to one that asks for non-zero. Masks saved as 0/1 look
    black in a viewer and train a model that never sees the class; the score of that class can then be a perfect 1.0000, since
    empty agrees with empty. In 36 real files of COVID-QU-Ex masks hold exactly 0 and 255.`,
  fix: `
    Say how the masks are meant, in maskaudit.config.json:

    { "maskEncoding": "0-1" }

    or write them anew as 0/255:

    $ magick mask.png -threshold 0 -depth 8 -define png:color-type=0 mask-255.png

    Label masks: add the class or name the value that is to be left out:

    { "ignoreIndex": 255 }`,
  check(facts) {
    let reports: Report[] | null = null;
    for (const role of MASK_ROLES) {
      const file = facts.files[role];
      if (file?.state !== 'read' || file.mask === null) continue;
      const fault = role === 'label' ? labelFault(file.mask, facts.dataset) : maskFault(file, file.mask);
      if (fault === null) continue;
      reports ??= [];
      reports.push({
        rule: 'L001',
        class: maskClass(facts.dataset, facts.sample, role),
        value: fault.pixels,
        message: `${ROLE_NAMES[role]}: ${fault.text}`,
        path: file.path,
      });
    }
    return reports ?? NOTHING;
  },
};

interface Fault {
  pixels: number;
  text: string;
}

function maskFault(file: FileFacts, mask: MaskFacts): Fault | null {
  const { histogram, stated } = mask;
  if (stated === 'auto') {
    if (mask.applied !== '0-1' || histogram[1] === 0) return null;
    const ones = histogram[1];
    return { pixels: ones, text: `value 1 in ${quantity(ones, 'pixel')} and no 255: read as 0/1` };
  }
  if (stated === '0-255') {
    if (isBinary(file)) return null;
    const { pixels, values, kind } = grayDiagnosis(histogram);
    if (kind !== 'codes' && kind !== 'stray') return null;
    return { pixels, text: `${valueList(values, histogram)} outside of the stated 0/255${reading(mask)}` };
  }
  if (stated !== '0-1') return null;
  const values = valuesWhere(histogram, (value) => value > 1);
  if (values.length === 0) return null;
  const pixels = values.reduce((sum, value) => sum + histogram[value], 0);
  return { pixels, text: `${valueList(values, histogram)} outside of the stated 0/1${reading(mask)}` };
}

function reading({ histogram, encodedOn }: MaskFacts): string {
  const on = valuesWhere(histogram, (value) => value > 0).reduce((sum, value) => sum + histogram[value], 0);
  return `; ${number(encodedOn)} of ${quantity(on, 'non-zero pixel')} read as on (${fittingEncoding(histogram)} would fit)`;
}

function labelFault({ histogram }: MaskFacts, { classes, ignoreIndex }: DatasetSpec): Fault | null {
  let undeclared = false;
  for (let value = classes.length; value < 256; value++) {
    if (histogram[value] > 0 && value !== ignoreIndex) undeclared = true;
  }
  if (!undeclared) return null;
  const values = valuesWhere(histogram, (value) => value >= classes.length && value !== ignoreIndex);
  const pixels = values.reduce((sum, value) => sum + histogram[value], 0);
  const ignored = ignoreIndex === null ? '' : ` and not the ignore index ${ignoreIndex}`;
  return { pixels, text: `${valueList(values, histogram)} outside of the classes 0..${classes.length - 1}${ignored}` };
}

function valuesWhere(histogram: ArrayLike<number>, accepts: (value: number) => boolean): number[] {
  const values: number[] = [];
  for (let value = 0; value < 256; value++) if (histogram[value] > 0 && accepts(value)) values.push(value);
  return values;
}
