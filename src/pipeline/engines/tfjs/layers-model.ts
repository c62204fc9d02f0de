import type { io } from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import type { Tensor, Tf } from './tf.js';
import { freeDims, type TfModel, TRANSPARENT } from './tf-model.js';

type Layer = ReturnType<typeof layers.activation>;

/** A Keras model in TF.js's own format. */
export async function openLayersModel(tf: Tf, artifacts: io.ModelArtifacts): Promise<TfModel> {
  const model = await tf.loadLayersModel({ load: async () => artifacts });
  return {
    inputs: model.inputs.map(({ shape, dtype }, i) => ({
      name: model.inputNames[i],
      type: dtype,
      shape: freeDims(shape),
    })),
    outputs: model.outputs.map(({ shape, dtype }, i) => ({
      name: model.outputNames[i],
      type: dtype,
      shape: freeDims(shape),
    })),
    operatorOf: (output) => operatorOf(model, model.outputNames.indexOf(output)),
    async run(input, _, wanted) {
      return tf.tidy(() => {
        const outputs = [model.predictOnBatch(input)].flat();
        return wanted.map((name) => outputs[model.outputNames.indexOf(name)]);
      }) as Tensor[];
    },
    dispose: () => void model.dispose(),
  };
}

/** The activation at an output, behind layers that only move values and inside models that stand for a layer. */
function operatorOf(model: LayersModel, output: number): string | null {
  let layer = model.outputs[output].sourceLayer as Layer | undefined;
  while (layer !== undefined) {
    const name = layer.getClassName();
    if ('outputLayers' in layer) return operatorOf(layer as unknown as LayersModel, 0);
    if (name === 'Softmax') return 'Softmax';
    const { activation } = layer.getConfig();
    if (activation === 'softmax') return 'Softmax';
    if (activation === 'sigmoid') return 'Sigmoid';
    if (activation === 'hardSigmoid' || activation === 'hard_sigmoid') return 'HardSigmoid';
    if (!TRANSPARENT.has(name) && !(name === 'Activation' && activation === 'linear')) return null;
    layer = layer.inboundNodes[0]?.inboundLayers[0] as Layer | undefined;
  }
  return null;
}
