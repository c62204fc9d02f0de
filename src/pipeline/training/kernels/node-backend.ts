import type { Tensor } from '@tensorflow/tfjs-core';
import { describeTensorflow, type NodeTf } from '../../engines/tensorflow/load.js';
import type { TrainerInfo } from '../trainer.js';

/** TensorFlow.js by its types: each engine brings its own. */
export type TrainerTf = typeof import('@tensorflow/tfjs-core');

/** An attribute of an operator, as the binding takes it. */
export interface OpAttribute {
  name: string;
  type: number;
  value: unknown;
}

type AttributeKind =
  | 'TF_ATTR_BOOL'
  | 'TF_ATTR_FLOAT'
  | 'TF_ATTR_INT'
  | 'TF_ATTR_SHAPE'
  | 'TF_ATTR_STRING'
  | 'TF_ATTR_TYPE';

/** The backend of `tfjs-node`, as far as it is used here. */
interface NodeBackend {
  binding: Record<AttributeKind | 'TF_FLOAT' | 'TF_INT32', number>;
  executeMultipleOutputs(name: string, attributes: OpAttribute[], inputs: Tensor[], outputs: number): Tensor[];
}

/** Whether TensorFlow's own operators can be run by name. */
export function isNodeBackend(tf: TrainerTf): boolean {
  return 'executeMultipleOutputs' in tf.backend();
}

export function describeBackend(tf: TrainerTf): Pick<TrainerInfo, 'engine' | 'device' | 'version'> {
  if (isNodeBackend(tf)) {
    const { version, device } = describeTensorflow(tf as NodeTf);
    return { engine: 'tensorflow', device, version: `TensorFlow ${version}` };
  }
  const engine = tf.getBackend();
  return { engine, device: engine, version: `TensorFlow.js ${tf.version_core}` };
}

/** TensorFlow's operators by name; the reference of each is its page under `tf.raw_ops`. */
export interface Runner {
  one(operator: string, attributes: OpAttribute[], inputs: Tensor[]): Tensor;
  many(operator: string, attributes: OpAttribute[], inputs: Tensor[], outputs: number): Tensor[];
  attribute: {
    bool(name: string, value: boolean): OpAttribute;
    float(name: string, value: number): OpAttribute;
    int(name: string, value: number | readonly number[]): OpAttribute;
    shape(name: string, value: readonly number[]): OpAttribute;
    string(name: string, value: string): OpAttribute;
    float32(name: string): OpAttribute;
    int32(name: string): OpAttribute;
  };
}

/** @param tf one for which `isNodeBackend` holds */
export function createRunner(tf: TrainerTf): Runner {
  const backend = tf.backend() as unknown as NodeBackend;
  const { binding } = backend;
  const attribute = (kind: AttributeKind) => (name: string, value: unknown) => ({ name, type: binding[kind], value });
  const type = attribute('TF_ATTR_TYPE');
  return {
    one: (operator, attributes, inputs) => backend.executeMultipleOutputs(operator, attributes, inputs, 1)[0],
    many: (operator, attributes, inputs, outputs) =>
      backend.executeMultipleOutputs(operator, attributes, inputs, outputs),
    attribute: {
      bool: attribute('TF_ATTR_BOOL'),
      float: attribute('TF_ATTR_FLOAT'),
      int: attribute('TF_ATTR_INT'),
      shape: attribute('TF_ATTR_SHAPE'),
      string: attribute('TF_ATTR_STRING'),
      float32: (name) => type(name, binding.TF_FLOAT),
      int32: (name) => type(name, binding.TF_INT32),
    },
  };
}
