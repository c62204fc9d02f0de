import { UsageError } from '../errors.js';
import type { CardReading } from './card.js';
import { describeTensor, type TensorForm } from './graph-input.js';

/** The outputs of a graph that are read. */
export interface ChosenOutputs {
  /** A map of pixels, or one answer an image. */
  answer: TensorForm;
  /** Heat maps beside such an answer; null where the graph gives none. */
  heat: TensorForm | null;
}

/** What an output with heat maps is called where no card says so. */
export const HEAT = 'heat';

/**
 * Of the outputs the one that the card names, the only one, or the only one that can be a map of pixels; of a graph that gives no
 * map, or whose card says that it is a classifier, the only one that can be an answer about a whole image.
 * @throws UsageError with the names there are.
 */
export function chooseOutputs(
  model: string,
  outputs: readonly TensorForm[],
  { card, origin }: CardReading,
): ChosenOutputs {
  const all = outputs.map(describeTensor).join(', ');
  const named = (key: 'outputName' | 'heatOutput') => {
    const found = outputs.find(({ name }) => name === card[key]);
    if (found) return found;
    throw new UsageError(`${model}: ${origin[key]} says ${key} "${card[key]}", and it gives ${all}`);
  };
  const heat = card.heatOutput === undefined ? heatBeside(outputs, card.task) : named('heatOutput');
  if (card.outputName !== undefined) return { answer: named('outputName'), heat };

  const others = outputs.filter((output) => output !== heat);
  const maps = others.filter(({ shape }) => isOpen(shape) || isMap(shape));
  const answers = others.filter(({ shape }) => isAnswer(shape) || (card.task === 'classification' && isOpen(shape)));
  const isClassifier = card.task === 'classification' || (card.task === undefined && maps.length === 0);
  const candidates = isClassifier ? answers : maps;
  if (candidates.length === 1) return { answer: candidates[0], heat };
  if (candidates.length > 1) {
    const kind = isClassifier ? 'answers' : 'maps';
    throw new UsageError(
      `${model} gives ${candidates.length} ${kind} (${all}): "outputName" in its card must say which to read`,
    );
  }
  const expected =
    card.task === undefined
      ? 'a segmentation model gives a map of pixels, and a classifier one answer an image'
      : `${origin.task} says task "${card.task}", and such a model gives ${isClassifier ? 'one answer an image' : 'a map of pixels'}`;
  throw new UsageError(`${model} gives ${all}; ${expected}`);
}

/** An output of that name is heat maps where another one can be what they explain; alone it is a map like others. */
function heatBeside(outputs: readonly TensorForm[], task: CardReading['card']['task']): TensorForm | null {
  const found = outputs.find(({ name, shape }) => name === HEAT && (isOpen(shape) || isMap(shape)));
  if (found === undefined) return null;
  const explains = outputs.some((other) => other !== found && (task === 'classification' || isAnswer(other.shape)));
  return explains ? found : null;
}

type Shape = TensorForm['shape'];

/** Nothing is known before it has run. */
const isOpen = (shape: Shape) => shape.length === 0;
const isMap = (shape: Shape) => shape.length === 3 || (shape.length === 4 && !isSinglePixel(shape));
const isAnswer = (shape: Shape) => shape.length === 2 || isSinglePixel(shape);

/** A map of one pixel, as pooling over the picture leaves it: [N,1,1,K] or [N,K,1,1]. */
export function isSinglePixel(shape: Shape): boolean {
  if (shape.length !== 4) return false;
  return shape[2] === 1 && (shape[1] === 1 || shape[3] === 1);
}
