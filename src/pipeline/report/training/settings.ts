import { isImageLevel } from '../../dataset/image-level.js';
import type { LossSpec, LossTerm } from '../../training/losses/loss-spec.js';
import type { Schedule } from '../../training/schedules.js';
import { count, counted, factor } from '../../words/figures.js';
import { type Child, type Html, html } from '../html.js';
import { callRows, engineWords, factTable } from '../origin.js';
import { settingsOf, type TrainingInput, type TrainSettings } from './input.js';

/** What was trained on what, with which settings: everything that a figure on the page depends on. */
export function settingSection(input: TrainingInput): Html {
  const { facts } = input;
  const settings = settingsOf(input);
  const { dataset, optimizer, epochs, batch, earlyStopping, seed } = settings;
  const stops = earlyStopping === null ? '' : `; it ends after ${counted(earlyStopping, 'epoch')} without a better one`;
  const rows: [name: string, value: Child][] = [
    ['Dataset', html`<code>${facts.inputs.dataset as string}</code>`],
    ['Layout', dataset.layout === 'covid-qu-ex' ? `${dataset.layout}, ${dataset.subset} subset` : dataset.layout],
    ['Splits', settings.resplit ? 'made anew, patients and duplicates kept together' : 'as the dataset has them'],
    ['Images', imageWords(input)],
    ['Classes', dataset.classes.map(({ index, key, name }) => `${index} ${key} (${name})`).join(', ')],
    ...(isImageLevel(dataset) ? [] : [['Masks read as', dataset.maskEncoding] as [string, Child]]),
    ['Network', networkWords(settings, input)],
    ['Encoder', encoderWords(settings)],
    ['Loss', lossWords(settings.loss)],
    [
      'Optimizer',
      `${optimizer.kind}${optimizer.clipNorm === null ? '' : `, gradients clipped to a norm of ${optimizer.clipNorm}`}`,
    ],
    ['Learning rate', scheduleWords(settings.schedule)],
    ['Epochs', `${count(epochs)} of ${counted(input.training.plan.steps, 'step')} of ${counted(batch, 'image')}`],
    ['Best epoch by', html`<code>${settings.monitor}</code>${stops}`],
    ['Examples', exampleWords(settings)],
    ['Seed', seed],
    ...(facts.engine ? [['Engine', engineWords(facts.engine)] as [string, Child]] : []),
    ...callRows(facts),
  ];
  return html`<section id="settings" aria-labelledby="settings-head">
<h2 id="settings-head">What was trained, on what</h2>
${factTable('training', rows)}
</section>`;
}

function imageWords({ training: { plan } }: TrainingInput): string {
  const shown = plan.examples === plan.train ? '' : `, shown as ${count(plan.examples)}`;
  const left = plan.leftOut.train + plan.leftOut.val;
  const unused = left === 0 ? '' : `; ${counted(left, 'image')} can't be used`;
  return `${count(plan.train)} to train on${shown}, ${count(plan.val)} to validate on${unused}`;
}

function networkWords({ network, preprocess }: TrainSettings, { training: { trainer } }: TrainingInput): string {
  const { architecture, height, width, channels, decoder } = network;
  const weights = `${count(trainer.parameters)} weights, ${count(trainer.trainableParameters)} of them learn`;
  const made = preprocess === null ? '' : `, grays as ${preprocess}`;
  const decoded = decoder === null ? '' : `, ${decoder} decoder`;
  return `${architecture}${decoded}, input ${width}x${height}, ${counted(channels, 'channel')}${made}; ${weights}`;
}

function encoderWords({ encoderWeights, freeze, unfreeze }: TrainSettings): Child {
  const from =
    encoderWeights === 'none'
      ? 'weights drawn by the seed'
      : encoderWeights === 'imagenet'
        ? "Keras's weights for ImageNet"
        : html`weights of <code>${encoderWeights.file}</code>`;
  const frozen = freeze === 'none' ? 'nothing frozen' : `frozen: ${freeze}`;
  const later = unfreeze.map(({ epoch, freeze: then }) => `from epoch ${epoch}: ${then}`);
  return html`${from}; ${[frozen, ...later].join(', ')}`;
}

/** `cross-entropy by weights + 0.5 x dice`. */
export function lossWords({ terms }: LossSpec): string {
  return terms.map((term) => `${term.weight === 1 ? '' : `${factor(term.weight)} × `}${termWords(term)}`).join(' + ');
}

function termWords(term: LossTerm): string {
  switch (term.kind) {
    case 'cross-entropy':
      return `cross-entropy over the sum of ${term.normalise}`;
    case 'focal':
      return `focal, gamma ${term.gamma}, over the sum of ${term.normalise}`;
    case 'dice':
      return `soft Dice, ${overWords(term)}`;
    case 'tversky':
      return `Tversky, alpha ${term.alpha}, beta ${term.beta}, ${overWords(term)}`;
  }
}

function overWords({ over, background, smooth }: { over: string; background: boolean; smooth: number }): string {
  return `each ${over}, ${background ? 'with' : 'without'} background, smoothed by ${smooth}`;
}

function scheduleWords({ kind, rate, warmUp, every, factor: times }: Schedule): string {
  const falls =
    kind === 'step' ? ` every ${counted(every, 'epoch')}` : ` after ${counted(every, 'epoch')} without gain`;
  const how = { constant: ', constant', cosine: ', falling to 0 by a cosine', step: '', plateau: '' }[kind];
  const fall = kind === 'step' || kind === 'plateau' ? `, times ${times}${falls}` : '';
  return `${rate}${how}${fall}${warmUp > 0 ? `, after ${counted(warmUp, 'step')} of warm-up` : ''}`;
}

function exampleWords({ augmentation, crop, oversample }: TrainSettings): string {
  const { flip, rotate, scale, brightness, contrast } = augmentation;
  const parts = [
    flip === 'none' ? '' : `flipped ${flip === 'both' ? 'both ways' : `${flip}ly`}`,
    rotate > 0 ? `turned by up to ${rotate}°` : '',
    scale > 0 ? `scaled by up to ${scale}` : '',
    brightness > 0 ? `brightness ±${brightness}` : '',
    contrast > 0 ? `contrast ±${contrast}` : '',
    crop.share < 1
      ? `windows of ${crop.share} of the sides${crop.classes.length > 0 ? ` with ${crop.classes.join(', ')}` : ''}`
      : '',
    ...Object.entries(oversample).map(([name, times]) => `images with ${name} shown ${times} times`),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'as they are' : parts.join('; ');
}
