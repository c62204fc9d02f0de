import { UsageError } from '../../errors.js';
import { type Architecture, taskOf } from '../task.js';
import type { ModelTopology, NetworkOptions } from '../trainer.js';
import { addClassifierHead } from './classifier-head.js';
import { createGraphBuilder, type GraphBuilder, type Output } from './graph-builder.js';
import { addResnet50, RESNET50_STAGES } from './resnet50.js';
import { addSmallEncoder, SMALL_STAGES } from './small-encoder.js';
import { addUnetDecoder } from './unet-decoder.js';

/** What a network has before its decoder or its head. */
interface Encoder {
  /** In the order of the network; a layer belongs to the stage that its name begins with. */
  stages: readonly string[];
  /** Adds the encoder, and returns its stages' outputs, the shallowest first. */
  add(graph: GraphBuilder, input: Output, filters: number): Output[];
  /** How often it halves the planes. */
  halvings: number;
}

const RESNET50: Encoder = { stages: RESNET50_STAGES, add: addResnet50, halvings: 5 };
const SMALL: Encoder = { stages: SMALL_STAGES, add: addSmallEncoder, halvings: 4 };

const ENCODERS: Record<Architecture, Encoder> = {
  'unet-resnet50': RESNET50,
  'small-unet': SMALL,
  resnet50: RESNET50,
  'small-cnn': SMALL,
};

const DEFAULT_FILTERS = 16;

/** The stages that `freeze` may name. */
export function encoderStages(architecture: Architecture): readonly string[] {
  return ENCODERS[architecture].stages;
}

/** @throws UsageError where no such network can be made */
export function buildNetwork(options: NetworkOptions): ModelTopology {
  const { architecture, height, width, channels, classes, filters = DEFAULT_FILTERS } = options;
  const encoder = ENCODERS[architecture];
  const reduction = 2 ** encoder.halvings;
  for (const [side, size] of Object.entries({ height, width })) {
    if (!(Number.isInteger(size) && size > 0 && size % reduction === 0)) {
      throw new UsageError(`${side} is ${size}: ${architecture} takes multiples of ${reduction}`);
    }
  }
  if (!(Number.isInteger(classes) && classes >= 2 && classes <= 255)) {
    throw new UsageError(`${classes} classes: a network here has 2 to 255`);
  }
  const graph = createGraphBuilder(architecture);
  const input = graph.input('image', [height, width, channels]);
  const outputs = encoder.add(graph, input, filters);
  const deepest = outputs.pop() as Output;
  if (taskOf(architecture) === 'classification') {
    const { probabilities, heat } = addClassifierHead(graph, deepest, classes);
    return graph.finish(probabilities, heat);
  }
  const stages = Array.from({ length: encoder.halvings }, (_, stage) => ({
    filters: filters * 2 ** (encoder.halvings - 1 - stage),
    skip: outputs.pop() ?? null,
  }));
  const planes = addUnetDecoder(graph, deepest, stages, options.decoder ?? 'upsample');
  return graph.finish(graph.conv(planes, 'final_conv', classes, 3, { activation: 'softmax' }));
}
