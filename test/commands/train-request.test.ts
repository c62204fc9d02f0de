import { describe, expect, it } from 'vitest';
import { NO_CONFIG } from '../../src/commands/config.js';
import { settle } from '../../src/commands/settings.js';
import { TRAIN_OPTIONS } from '../../src/commands/train-options.js';
import { trainRequest } from '../../src/commands/train-request.js';
import { UsageError } from '../../src/pipeline/errors.js';
import { NO_AUGMENTATION } from '../../src/pipeline/training/data/augmentation.js';

/** A call as the command line gives it: `request({ size: ['64x96'] })`. */
function request(flags: Record<string, string[]> = {}, words = ['set']) {
  const { values, origins } = settle(TRAIN_OPTIONS, { flags, env: {}, file: {}, folder: '/here' });
  const call = { options: values, origins, words, config: NO_CONFIG, argv: ['train', 'set'] };
  return trainRequest(call, { cwd: '/here', out: '/here/runs/train' });
}

describe('trainRequest', () => {
  it('has defaults that train', () => {
    expect(request()).toMatchObject({
      ...{ root: '/here/set', out: '/here/runs/train', classWeights: 'none', encoderWeights: 'none' },
      network: { architecture: 'unet-resnet50', decoder: 'upsample', height: 256, width: 256, channels: 3 },
      loss: { terms: [{ kind: 'cross-entropy', weight: 1, classWeights: null, normalise: 'weights' }] },
      optimizer: { kind: 'adam', clipNorm: null },
      schedule: { kind: 'constant', rate: 0.001, warmUp: 0 },
      ...{ epochs: 20, batch: 8, earlyStopping: null, monitor: 'val_mean_dice', resplit: false, force: false },
      ...{ crop: { share: 1, classes: [] }, augmentation: NO_AUGMENTATION },
    });
    expect(request().optimizer).not.toHaveProperty('momentum');
    expect(request({ architecture: ['small-unet'] }).network.channels).toBe(1);
    expect(request({ architecture: ['small-cnn'] }).network.channels).toBe(1);
  });

  it('has others that classify', () => {
    expect(request({ task: ['classification'] })).toMatchObject({
      network: { architecture: 'resnet50', decoder: null, height: 256, width: 256, channels: 3 },
      ...{ task: 'classification', monitor: 'val_auc', labelClasses: null, sensitivities: {} },
      ...{ epochs: 40, batch: 16, schedule: { kind: 'cosine', rate: 0.001 }, crop: { share: 0.85, classes: [] } },
      augmentation: { flip: 'horizontal', rotate: 15, scale: 0.25, brightness: 0.1, contrast: 0.2 },
    });
    const told = { epochs: ['3'], batch: ['2'], schedule: ['constant'], crop: ['1'], augment: ['flip=none'] };
    expect(request({ task: ['classification'], ...told })).toMatchObject({
      ...{ epochs: 3, batch: 2, schedule: { kind: 'constant' }, crop: { share: 1 }, augmentation: NO_AUGMENTATION },
    });
    const flags = { task: ['classification'], sensitivity: ['covid=0.95,healthy=1'], labelClass: ['membrane'] };
    expect(request({ ...flags, monitor: ['val_f1_covid'] })).toMatchObject({
      ...{ sensitivities: { covid: 0.95, healthy: 1 }, labelClasses: ['membrane'], monitor: 'val_f1_covid' },
    });
  });

  it('reads sizes, weights and freezing', () => {
    const flags = { size: ['64x96'], classWeights: ['0.1, 3,10,3'], freeze: ['until:conv4'], channels: ['1'] };
    expect(request({ ...flags, unfreeze: ['conv3@4,all@9'] })).toMatchObject({
      network: { height: 64, width: 96, channels: 1 },
      ...{ classWeights: [0.1, 3, 10, 3], freeze: 'until:conv4' },
      unfreeze: [
        { epoch: 4, freeze: 'until:conv3' },
        { epoch: 9, freeze: 'none' },
      ],
    });
    expect(request({ classWeights: ['effective-number'] }).classWeights).toBe('effectiveNumber');
    expect(request({ encoderWeights: ['resnet50.h5'] }).encoderWeights).toEqual({ file: '/here/resnet50.h5' });
  });

  it('reads sums of losses', () => {
    const loss = ['cross-entropy + 0.5*dice+focal:1.5+2e-1*tversky:0.3:0.7'];
    expect(request({ loss, normalise: ['pixels'] }).loss.terms).toEqual([
      { weight: 1, kind: 'cross-entropy', classWeights: null, normalise: 'pixels' },
      { weight: 0.5, kind: 'dice', over: 'batch', background: false, smooth: 1 },
      { weight: 1, kind: 'focal', gamma: 1.5, classWeights: null, normalise: 'pixels' },
      { weight: 0.2, kind: 'tversky', alpha: 0.3, beta: 0.7, over: 'batch', background: false, smooth: 1 },
    ]);
  });

  it('reads what is done to the examples', () => {
    const flags = { augment: ['flip=horizontal,rotate=10', 'scale=0.1'], oversample: ['covid=3', 'non-covid=1.5'] };
    expect(request({ ...flags, crop: ['0.5'], cropClass: ['covid'] })).toMatchObject({
      augmentation: { flip: 'horizontal', rotate: 10, scale: 0.1, brightness: 0, contrast: 0 },
      oversample: { covid: 3, 'non-covid': 1.5 },
      crop: { share: 0.5, classes: ['covid'] },
    });
  });

  it.each<[Record<string, string[]>, RegExp]>([
    [{ size: ['64x64x3'] }, /--size 64x64x3: expected a number of pixels, or HEIGHTxWIDTH/],
    [{ classWeights: ['median-frequncy'] }, /--class-weights median-frequncy: .*did you mean median-frequency/],
    [{ classWeights: ['0,0,0'] }, /--class-weights 0,0,0/],
    [{ classWeights: ['1,,3'] }, /--class-weights 1,,3/],
    [{ classWeights: ['constructor'] }, /--class-weights constructor/],
    [{ loss: ['dise'] }, /--loss dise: "dise" is no loss; did you mean dice/],
    [{ loss: ['focal:1:2'] }, /focal takes 1 parameters, not 2/],
    [{ loss: ['0*dice'] }, /a factor is above 0/],
    [{ loss: ['dice+'] }, /"" is no loss/],
    [{ augment: ['flip=left'] }, /--augment flip=left: flip=left: expected none, horizontal, vertical, both/],
    [{ augment: ['rotat=5'] }, /did you mean rotate/],
    [{ augment: ['scale=2'] }, /from 0 to 0.9/],
    [{ oversample: ['covid=0'] }, /CLASS=TIMES/],
    [{ unfreeze: ['conv3'] }, /STAGE@EPOCH/],
    [{ unfreeze: ['conv3@0'] }, /STAGE@EPOCH/],
    [{ freeze: ['encodr'] }, /did you mean encoder/],
    [{ momentum: ['0.9'] }, /--momentum is for --optimizer sgd/],
    [{ cropClass: ['covid'] }, /--crop-class needs --crop/],
    [{ architecture: ['small-unet'], encoderWeights: ['imagenet'] }, /--encoder-weights is for --architecture/],
    [
      { task: ['classification'], architecture: ['small-cnn'], encoderWeights: ['imagenet'] },
      /--encoder-weights is for --architecture resnet50/,
    ],
    [{ task: ['classification'], decoder: ['transpose'] }, /--decoder is for --task segmentation/],
    [{ task: ['clasification'] }, /did you mean classification/],
    [{ sensitivity: ['covid=95'] }, /CLASS=SHARE with SHARE above 0 and at most 1/],
    [{ sensitivity: ['0.95'] }, /CLASS=SHARE/],
    [{ resume: ['true'] }, /--resume needs --out/],
  ])('refuses %j', (flags, message) => {
    expect(() => request(flags)).toThrow(UsageError);
    expect(() => request(flags)).toThrow(message);
  });
});
