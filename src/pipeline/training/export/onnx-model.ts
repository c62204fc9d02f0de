import type { ModelCard } from '../../model/card.js';
import { programVersion } from '../../program-files.js';
import { createFile } from '../../sinks/files.js';
import { outputShapes, type Shape } from '../networks/shapes.js';
import type { LayerGraph } from '../trainer.js';
import { writeCard } from './model-card.js';
import { modelMessage, type OnnxGraph } from './onnx-format.js';
import { onnxLayer } from './onnx-layers.js';

/**
 * Writes a network as ONNX, its card beside it: input N x channels x height x width with a free N, its first output the probabilities
 * of the classes. @throws WorkError where a file can't be written
 */
export function writeOnnxModel(file: string, network: LayerGraph, card: ModelCard): void {
  const { pieces } = modelMessage(onnxGraph(network), { name: 'maskaudit', version: programVersion() });
  const growing = createFile(file);
  try {
    for (const piece of pieces) growing.write(piece);
    writeCard(file, card);
    growing.finish();
  } finally {
    growing.discard();
  }
}

export function onnxGraph({ topology, weights }: LayerGraph): OnnxGraph {
  const { name, layers, output_layers } = topology.config;
  const byName = new Map(weights.map((tensor) => [tensor.name, tensor]));
  const converted = layers.map((layer) => onnxLayer(layer, byName));
  const [, height, width, channels] = layers[0].config.batch_input_shape as number[];
  const shapes = outputShapes(topology);
  return {
    name,
    nodes: converted.flatMap(({ nodes }) => nodes),
    constants: converted.flatMap(({ constants }) => constants),
    input: { name: layers[0].name, shape: ['N', channels, height, width] },
    outputs: output_layers.map(([output]) => {
      const shape = shapes.get(output) as Shape;
      // Channels are innermost there, and come first here.
      return { name: output, shape: ['N', ...shape.slice(-1), ...shape.slice(0, -1)] };
    }),
  };
}
