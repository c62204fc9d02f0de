import path from 'node:path';
import { UsageError, WorkError } from '../../errors.js';
import type { TensorForm } from '../../model/graph-input.js';
import { savedModelOperator } from '../../model/saved-model-graph.js';
import { freeDims, type TfModel } from '../tfjs/tf-model.js';
import type { NodeTf, SignatureTensor } from './load.js';

/** What Keras and TensorFlow Serving call the signature that predicts, and the tag of graphs for that. */
const SIGNATURE = 'serving_default';
const TAG = 'serve';

/** TensorFlow's element types by the names that cards and messages have. */
const TYPES: Record<string, string> = {
  DT_FLOAT: 'float32',
  DT_INT32: 'int32',
  DT_INT64: 'int64',
  DT_UINT8: 'uint8',
  DT_BOOL: 'bool',
  DT_STRING: 'string',
};

/**
 * A SavedModel, run in graph mode as TensorFlow Serving does it.
 * @throws UsageError where it has no signature that predicts, WorkError where TensorFlow can't load it
 */
export async function openSavedModel(tf: NodeTf, folder: string): Promise<TfModel> {
  const name = path.basename(folder);
  const graphs = await tf.node.getMetaGraphsFromSavedModel(folder).catch((error: Error) => {
    if (/Unsupported tensor DataType/.test(error.message)) {
      throw new UsageError(
        `${name} takes or gives values of a type that TensorFlow.js does not have, such as half precision: save it with ` +
          'float32 inputs and outputs',
      );
    }
    throw new WorkError(`${name} is no SavedModel that can be read: ${error.message.split('\n')[0]}`, { cause: error });
  });
  const graph = graphs.find(({ tags }) => tags.includes(TAG));
  const signature = graph?.signatureDefs[SIGNATURE];
  if (graph === undefined || signature === undefined) {
    const seen = graphs.flatMap(({ signatureDefs }) => Object.keys(signatureDefs));
    throw new UsageError(
      `${name} has no signature ${SIGNATURE} (${seen.length > 0 ? `it has ${seen.join(', ')}` : 'it has none'}): ` +
        'save it with model.export(FOLDER) of Keras 3 or tf.saved_model.save(model, FOLDER, signatures=...)',
    );
  }
  const model = await tf.node.loadSavedModel(folder, graph.tags, SIGNATURE).catch((error: Error) => {
    throw new WorkError(`${name} can't be loaded by TensorFlow: ${error.message.split('\n')[0]}`, { cause: error });
  });
  return {
    inputs: tensorForms(signature.inputs),
    outputs: tensorForms(signature.outputs),
    operatorOf: (output) => savedModelOperator(path.join(folder, 'saved_model.pb'), signature.outputs[output].name),
    async run(input, inputName, wanted) {
      const outputs = model.predict({ [inputName]: input });
      for (const [name, tensor] of Object.entries(outputs)) if (!wanted.includes(name)) tensor.dispose();
      return wanted.map((name) => outputs[name]);
    },
    dispose: () => model.dispose(),
  };
}

function tensorForms(tensors: Record<string, SignatureTensor>): TensorForm[] {
  return Object.entries(tensors).map(([name, { tfDtype, shape }]) => ({
    name,
    type: TYPES[tfDtype] ?? tfDtype,
    shape: freeDims(shape.map((dim) => dim.getSize())),
  }));
}
