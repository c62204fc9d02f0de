import type { GraphInput, TensorForm } from '../model/graph-input.js';
import type { OutputForm } from '../model/output-form.js';
import type { OutputValues } from '../model/reduce.js';
import type { ModelOutput } from './engine.js';

/**
 * A loaded graph, as the library that runs it sees it: all that `openSession` needs. `Output` is the library's own tensor, which
 * may lie in the memory of a GPU; whoever is given some hands them to `dispose`. Calls don't overlap.
 */
export interface Graph<Output> {
  engine: string;
  /** The library and its version: `onnxruntime 1.30.0`. */
  version: string;
  inputs: readonly TensorForm[];
  outputs: readonly TensorForm[];
  /** Images a call where neither the graph nor the user says. */
  defaultBatch: number;
  /** The operator that makes an output's values (`Softmax`), null where it can't be told. */
  operatorOf(output: string): string | null;
  /** Runs the graph on preprocessed values, which may be overwritten after it has settled, and gives the outputs of those names. */
  run(input: GraphInput, values: Float32Array, dims: readonly number[], outputs: readonly string[]): Promise<Output[]>;
  dimsOf(output: Output): readonly number[];
  /** All of an output's values. */
  read(output: Output): Promise<{ type: string; values: OutputValues }>;
  /** The reduction of outputs of a form to what an audit keeps of their first `count` images. */
  reducer(form: OutputForm): (output: Output, count: number) => Promise<ModelOutput[]>;
  /** All that a run has given. */
  dispose(outputs: readonly Output[]): void;
  /** After the first run: the device that computed, asked of the library, and what a user should know of it. */
  deviceUsed(): { device: string; note: string | null };
  close(): Promise<void>;
}
