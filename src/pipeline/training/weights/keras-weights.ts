import type { Dataset, Group } from 'h5wasm';
import { WorkError } from '../../errors.js';
import { counted } from '../../words/figures.js';
import type { NamedTensor } from '../trainer.js';
import { datasetIn, groupIn, readHdf5 } from './hdf5.js';

/** Values that a file may hold, 1 GiB of them: ten times a ResNet50. A damaged one may claim any number. */
const MOST_VALUES = 2 ** 28;

/**
 * Reads the weights of a Keras file by the names of its layers, `conv1_conv/kernel`: what `model.save('x.h5')` writes, and
 * `save_weights` of Keras 2, as Keras publishes its own.
 * https://github.com/keras-team/keras/blob/master/keras/src/legacy/saving/legacy_h5_format.py
 * @throws UsageError where there is no such file, WorkError where it is of another kind or damaged
 */
export function readKerasWeights(file: string): Promise<NamedTensor[]> {
  return readHdf5(file, (root) => {
    const group = groupIn(root, 'model_weights') ?? root;
    const layers = namesIn(group, 'layer_names');
    if (layers === null) throw new WorkError(`${file} ${otherKind(root)}`);
    let values = 0;
    return layers.flatMap((layer) =>
      weightsOf(group, layer, (message) => new WorkError(`${file}: ${message}`)).map(({ name, dataset }) => {
        const shape = dataset.shape ?? [];
        values += shape.reduce((product, dim) => product * dim, 1);
        if (values > MOST_VALUES)
          throw new WorkError(`${file} claims more weights than any network has: is it damaged?`);
        return { name, shape, values: valuesOf(dataset, name, file) };
      }),
    );
  });
}

interface NamedDataset {
  name: string;
  dataset: Dataset;
}

/**
 * A layer's weights are `<layer>/<weight>`, whatever the scope that Keras 2 put before the weight and the `:0` behind it. A model
 * that stands for a layer holds those of several layers, each named by itself.
 */
function weightsOf(group: Group, layer: string, complaint: (message: string) => Error): NamedDataset[] {
  const own = groupIn(group, layer);
  if (own === null) throw complaint(`layer ${layer} is named and not there`);
  const names = namesIn(own, 'weight_names') ?? [];
  const scopes = new Set(names.map((name) => name.split('/').slice(0, -1).join('/')));
  return names.map((name) => {
    const dataset = datasetIn(own, name);
    if (dataset === null) throw complaint(`weight ${name} is named and not there`);
    const parts = name.replace(/:\d+$/, '').split('/');
    const owner = scopes.size > 1 ? (parts.at(-2) ?? layer) : layer;
    return { name: `${owner}/${parts.at(-1)}`, dataset };
  });
}

/** A list of names among a group's attributes; Keras cuts one that is too long for HDF5 into `layer_names0`, `layer_names1`, ... */
function namesIn(group: Group, attribute: string): string[] | null {
  const { attrs } = group;
  if (attribute in attrs) return textsIn(attrs[attribute].value);
  const parts: string[] = [];
  for (let i = 0; `${attribute}${i}` in attrs; i++) parts.push(...textsIn(attrs[`${attribute}${i}`].value));
  return parts.length > 0 ? parts : null;
}

/** An empty list comes as one of numbers. */
function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

function valuesOf(dataset: Dataset, name: string, file: string): Float32Array {
  const { value } = dataset;
  if (!(value instanceof Float32Array || value instanceof Float64Array)) {
    throw new WorkError(`${file}: weight ${name} is of type ${JSON.stringify(dataset.dtype)}, not of floating point`);
  }
  const values = value instanceof Float32Array ? value : new Float32Array(value);
  const bad = values.findIndex((one) => !Number.isFinite(one));
  if (bad >= 0)
    throw new WorkError(`${file}: weight ${name} holds ${values[bad]} among its ${counted(values.length, 'value')}`);
  return values;
}

/** What else people have under that name. Keras 3's own format numbers layers by their class, so that names are lost. */
function otherKind(root: Group): string {
  const keys = root.keys();
  if (keys.includes('layers') || keys.includes('_layer_checkpoint_dependencies')) {
    return "is of Keras 3's .weights.h5, which does not hold the names of layers: write one with model.save('FILE.h5')";
  }
  return `holds no weights of Keras: it has ${keys.length > 0 ? keys.slice(0, 5).join(', ') : 'nothing'} in it`;
}
