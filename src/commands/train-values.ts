import path from 'node:path';
import { type Augmentation, NO_AUGMENTATION } from '../pipeline/training/data/augmentation.js';
import type { TrainRequest, Unfreezing } from '../pipeline/training/train-request.js';
import type { Freeze } from '../pipeline/training/trainer.js';
import { didYouMean } from '../pipeline/words/nearest.js';
import { type Option, ValueFault } from './option.js';
import { defaultText } from './train-defaults.js';

/** Options of `train` whose values are more than words and numbers. */

const FORMULAS = {
  'inverse-frequency': 'inverseFrequency',
  'median-frequency': 'medianFrequency',
  'effective-number': 'effectiveNumber',
  enet: 'enetLog',
  none: 'none',
} as const;

export const CLASS_WEIGHTS: Option<TrainRequest['classWeights']> = {
  group: 'Loss and examples',
  placeholder: 'WEIGHTS',
  describe: `one number a class (0.1,3,10,3), or ${Object.keys(FORMULAS).join(', ')}: by what the training split holds`,
  kind: 'value',
  parse([text]) {
    const name = text.trim().toLowerCase();
    if (Object.hasOwn(FORMULAS, name)) return FORMULAS[name as keyof typeof FORMULAS];
    const weights = text.split(',').map((word) => (word.trim() === '' ? Number.NaN : Number(word)));
    if (weights.every((weight) => weight >= 0) && weights.some((weight) => weight > 0)) return weights;
    const hint = didYouMean(name, Object.keys(FORMULAS));
    throw new ValueFault(`expected numbers from 0 with commas between, or ${Object.keys(FORMULAS).join(', ')}${hint}`);
  },
  fallback: 'none',
  fallbackText: 'none',
};

export const SIZE: Option<[height: number, width: number]> = {
  group: 'What is trained',
  placeholder: 'N|HxW',
  describe: 'height and width that images are brought to, in pixels',
  kind: 'value',
  parse([text]) {
    const sides = text.toLowerCase().split('x').map(Number);
    const [height, width = height] = sides;
    if (sides.length > 2 || ![height, width].every((side) => Number.isInteger(side) && side > 0 && side <= 8192)) {
      throw new ValueFault('expected a number of pixels, or HEIGHTxWIDTH');
    }
    return [height, width];
  },
  fallback: [256, 256],
  fallbackText: '256',
};

export const ENCODER_WEIGHTS: Option<TrainRequest['encoderWeights']> = {
  group: 'What is trained',
  placeholder: 'FILE|imagenet',
  describe: "the encoder's first weights: Keras's no-top .h5 of ResNet50, imagenet (fetched once), or none: drawn",
  kind: 'value',
  parse([text], folder) {
    const word = text.toLowerCase();
    return word === 'none' || word === 'imagenet' ? word : { file: path.resolve(folder, text) };
  },
  fallback: 'none',
  fallbackText: 'none',
};

export const FREEZE: Option<Freeze> = {
  group: 'What is trained',
  placeholder: 'none|encoder|until:STAGE',
  describe: 'what does not learn: nothing, the encoder, or its stages before the one that is named (conv4)',
  kind: 'value',
  parse([text]) {
    const word = text.trim().toLowerCase();
    if (word === 'none' || word === 'encoder' || /^until:./.test(word)) return word as Freeze;
    throw new ValueFault(`expected none, encoder or until:STAGE${didYouMean(word, ['none', 'encoder'])}`);
  },
  fallback: 'none',
  fallbackText: 'none',
};

export const UNFREEZE: Option<Unfreezing[]> = {
  group: 'What is trained',
  placeholder: 'STAGE@EPOCH',
  describe: 'from an epoch on, the encoder learns from this stage on (conv4@5), or all of it does (all@8); repeatable',
  kind: 'list',
  parse(texts) {
    return texts
      .flatMap((text) => text.split(','))
      .map((word) => {
        const found = /^([a-z][\w-]*)@(\d+)$/i.exec(word.trim());
        const epoch = Number(found?.[2]);
        if (found === null || epoch < 1) throw new ValueFault(`"${word}": expected STAGE@EPOCH, e.g. conv4@5 or all@8`);
        const stage = found[1].toLowerCase();
        return { epoch, freeze: stage === 'all' ? 'none' : (`until:${stage}` as const) };
      });
  },
  fallback: [],
  fallbackText: '',
};

const FLIPS = ['none', 'horizontal', 'vertical', 'both'] as const;
/** Largest values that make sense. */
const MOST = { rotate: 180, scale: 0.9, brightness: 1, contrast: 1 };

export const AUGMENT: Option<Augmentation | null> = {
  group: 'Loss and examples',
  placeholder: 'WHAT=HOW',
  describe:
    'changes the training images, and their masks alike, at random: flip=horizontal|vertical|both, rotate=DEGREES, scale=0.1, brightness=0.1, contrast=0.1; repeatable',
  kind: 'list',
  parse(texts) {
    const augmentation = { ...NO_AUGMENTATION };
    for (const text of texts.flatMap((word) => word.split(','))) {
      const [what, how = ''] = text.trim().toLowerCase().split('=');
      if (what === 'flip') {
        const flip = FLIPS.find((known) => known === how);
        if (flip === undefined)
          throw new ValueFault(`flip=${how}: expected ${FLIPS.join(', ')}${didYouMean(how, FLIPS)}`);
        augmentation.flip = flip;
      } else if (Object.hasOwn(MOST, what)) {
        const key = what as keyof typeof MOST;
        const value = how === '' ? Number.NaN : Number(how);
        if (!(value >= 0 && value <= MOST[key]))
          throw new ValueFault(`${text}: expected ${what}= a number from 0 to ${MOST[key]}`);
        augmentation[key] = value;
      } else {
        const known = ['flip', ...Object.keys(MOST)];
        throw new ValueFault(`"${text}": there are ${known.join(', ')}${didYouMean(what, known)}`);
      }
    }
    return augmentation;
  },
  fallback: null,
  fallbackText: defaultText('augment'),
};

/** `covid=3`, repeatable: a number for each class, as the user wrote its name. */
function perClass(about: Pick<Option<unknown>, 'group' | 'placeholder' | 'describe'>, range: PerClassRange) {
  const option: Option<Record<string, number>> = {
    ...about,
    kind: 'list',
    parse(texts) {
      return Object.fromEntries(
        texts
          .flatMap((text) => text.split(','))
          .map((text) => {
            const at = text.lastIndexOf('=');
            const value = Number(text.slice(at + 1));
            if (at < 1 || !range.takes(value))
              throw new ValueFault(`"${text}": expected ${about.placeholder} ${range.words}`);
            return [text.slice(0, at).trim(), value];
          }),
      );
    },
    fallback: {},
    fallbackText: '',
  };
  return option;
}

interface PerClassRange {
  takes(value: number): boolean;
  /** `with TIMES from 1 to 1000, e.g. covid=3` */
  words: string;
}

export const OVERSAMPLE = perClass(
  {
    group: 'Loss and examples',
    placeholder: 'CLASS=TIMES',
    describe: 'show images with this class so often in an epoch; repeatable',
  },
  { takes: (times) => times >= 1 && times <= 1000, words: 'with TIMES from 1 to 1000, e.g. covid=3' },
);

export const SENSITIVITY = perClass(
  {
    group: 'Steps and epochs',
    placeholder: 'CLASS=SHARE',
    describe:
      'classification: choose the highest threshold by which validation finds this share of the class; repeatable',
  },
  { takes: (share) => share > 0 && share <= 1, words: 'with SHARE above 0 and at most 1, e.g. covid=0.95' },
);
