import type { ClassSpec } from '../dataset/dataset.js';
import { UsageError } from '../errors.js';
import type { CardReading, OutputKind } from './card.js';
import { describeTensor, type TensorForm } from './graph-input.js';
import { channelCodes, type OutputForm, plural } from './output-form.js';
import { checkKind, guessKind, probeRange } from './output-probe.js';
import type { OutputValues } from './reduce.js';

/** What a test image gave. */
export interface Probe {
  dims: readonly number[];
  type: string;
  values: OutputValues;
  /** Images that were fed, and their size. */
  batch: number;
  width: number;
  height: number;
}

/** What is known before the test image's output is looked at. */
export interface OutputQuestion {
  model: string;
  output: TensorForm;
  /** The graph's last operator, null where its file could not be followed. */
  operator: string | null;
  /** Of the input. */
  layout: 'NCHW' | 'NHWC';
  reading: CardReading;
  dataset: { classes: readonly ClassSpec[]; chosen: readonly string[] };
}

/**
 * How the output is to be read, from the graph's last operator, a test image's output and the card; contradictions are errors.
 * `notes` gets a clause for each thing and its source.
 * @throws UsageError naming what was seen and what would be right.
 */
export function readGraphOutput(question: OutputQuestion, probe: Probe, notes: string[]): OutputForm {
  const { model, operator, dataset } = question;
  const { card, origin } = question.reading;
  const shown = describeTensor({ name: question.output.name, type: probe.type, shape: probe.dims });
  const told = kindOfOperator(operator, probe.type);
  const toldBy =
    operator !== null && kindOfOperator(operator, 'float32') !== null
      ? `its graph ends in ${operator}`
      : `it gives ${shown}`;
  if (told !== null && card.output !== undefined && !agree(told, card.output, probe.type)) {
    throw new UsageError(`${model}: ${origin.output} says output "${card.output}", and ${toldBy}, which is "${told}"`);
  }
  const place = mapPlace(question, probe, shown, (card.output ?? told) === 'labels');
  const unit = probe.type === 'uint8' && (card.output ?? told) !== 'labels' ? 1 / 255 : 1;
  const kind = readKind(question, probe, { ...place, unit }, told);
  const source = card.output
    ? origin.output
    : told
      ? `the graph (${operator ?? probe.type})`
      : 'the first output: guessed';
  notes.push(`${kind} from ${source}`);

  const codes = channelCodes({ model, kind, channels: place.channels, order: card.classes, ...dataset, of: 'map' });
  const known = dataset.classes.map((spec) => codes.includes(spec.index));
  const order = Array.from(codes, (code) => dataset.classes[code].key).join(', ');
  notes.push(`classes ${order} from ${card.classes ? origin.classes : "the dataset's order: assumed"}`);
  const threshold = card.threshold ?? 0.5;
  if (kind === 'sigmoid' || kind === 'sigmoid-logits') notes.push(`predicted above ${threshold}`);
  return { model, kind, ...place, codes, known, threshold, unit };
}

type Place = Pick<OutputForm, 'layout' | 'width' | 'height' | 'channels'>;

/** Where rows, columns and channels stand. */
function mapPlace(
  { model, layout, reading, dataset }: OutputQuestion,
  probe: Probe,
  shown: string,
  labels: boolean,
): Place {
  const { dims, batch } = probe;
  if ((dims.length !== 3 && dims.length !== 4) || dims[0] !== batch) {
    throw new UsageError(`${model} gives ${shown} for ${plural(batch, 'image')}; a map of pixels for each is expected`);
  }
  const all = dataset.classes.length;
  const expected = labels ? [1] : reading.card.classes ? [reading.card.classes.length] : [all, all - 1, 1];
  const axis = channelAxis(dims, layout, probe.width / probe.height, expected);
  const [height, width] = axis === 1 ? [dims[2], dims[3]] : [dims[1], dims[2]];
  const channels = axis === null ? 1 : dims[axis];
  if (labels && channels !== 1) {
    throw new UsageError(`${model} gives ${shown}; a map of labels has one value a pixel`);
  }
  return { layout: axis === 3 ? 'NHWC' : 'NCHW', width, height, channels };
}

/** What the channels hold, checked against the test image's output. */
function readKind(
  { model, operator, reading, dataset }: OutputQuestion,
  { values }: Probe,
  place: Place & { unit: number },
  told: OutputKind | null,
): OutputKind {
  const { card, origin } = reading;
  const stated = card.output;
  if ((stated ?? told) === 'labels') return 'labels';
  const range = probeRange(values, { ...place, size: place.width * place.height });
  const { channels } = place;
  // One channel has no softmax: its logit is a sigmoid's.
  if (stated === 'logits' && channels === 1) return 'sigmoid-logits';
  const kind = stated ?? told ?? guessKind(range, channels, card.classes?.length ?? dataset.classes.length);
  checkKind(model, kind, range, channels, stated ? origin.output : (operator ?? 'the first output'));
  return kind;
}

/** What the last operator or the element type says for certain, or null. */
export function kindOfOperator(operator: string | null, type: string): OutputKind | null {
  if (operator === 'ArgMax') return 'labels';
  if (operator === 'Softmax') return 'softmax';
  if (operator === 'LogSoftmax') return 'logits';
  if (operator === 'Sigmoid' || operator === 'HardSigmoid') return 'sigmoid';
  return type.startsWith('float') ? null : 'labels';
}

/** 8-bit values are taken for labels, but are probabilities in 0..255 where the card says so. */
function agree(told: OutputKind, stated: OutputKind, type: string): boolean {
  return told === stated || (told === 'labels' && type === 'uint8' && (stated === 'softmax' || stated === 'sigmoid'));
}

/** The axis of the channels (1 or 3), null where the map has none: what fits the classes, else what keeps the picture's shape. */
function channelAxis(
  dims: readonly number[],
  layout: 'NCHW' | 'NHWC',
  aspect: number,
  expected: readonly number[],
): 1 | 3 | null {
  if (dims.length === 3) return null;
  const order: (1 | 3)[] = layout === 'NCHW' ? [1, 3] : [3, 1];
  const shaped = order.filter((axis) => {
    const [height, width] = axis === 1 ? [dims[2], dims[3]] : [dims[1], dims[2]];
    return Math.abs(width / height / aspect - 1) < 0.02;
  });
  return shaped.find((axis) => expected.includes(dims[axis])) ?? shaped[0] ?? order[0];
}
