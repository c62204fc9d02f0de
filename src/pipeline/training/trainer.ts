import type { LossSpec } from './losses/loss-spec.js';
import type { Architecture } from './task.js';

/**
 * A network, its loss and its optimizer on some engine: it computes steps and scores batches, and decides nothing else.
 * `openTrainer` in trainer-tfjs.ts makes one.
 */

/** Label of a pixel, or of a classifier's image, that counts in no loss. */
export const IGNORED = 255;

/** Images and their annotation, as one step takes them. The trainer keeps neither array once its promise is settled. */
export interface TrainBatch {
  /** Images N, at least 1; it may differ from one batch to the next. */
  count: number;
  /** N x height x width x channels, row by row, channels innermost; preprocessed as the model's card says. */
  images: Float32Array;
  /** Class indices, 0 to classes - 1, N x height x width; for a classifier N, one an image. `IGNORED`: without loss. */
  labels: Uint8Array;
}

/**
 * What does not learn: nothing; the encoder; or the encoder's stages before the one that is named, which is the first that learns
 * (`encoderStages`). Frozen batch norm stays in inference mode, as Keras has it, and frozen layers cost no gradient.
 */
export type Freeze = 'none' | 'encoder' | `until:${string}`;

/** What a network is made of. Height and width are multiples of 32 (a ResNet50) or 16 (a small one). */
export interface NetworkOptions {
  architecture: Architecture;
  height: number;
  width: number;
  channels: 1 | 3;
  /** 2 to 255. */
  classes: number;
  /** How a U-Net's decoder doubles its planes: nearest neighbours and a convolution, or a transposed convolution. A classifier has none. */
  decoder: 'upsample' | 'transpose' | null;
  /** Of planes of the input's own size, doubled where planes are halved; 16 unless told. A ResNet50 encoder has its own. */
  filters?: number;
}

/** Defaults are Keras's: beta1 0.9, beta2 0.999, epsilon 1e-7; momentum 0. */
export interface OptimizerSpec {
  kind: 'adam' | 'sgd';
  beta1?: number;
  beta2?: number;
  epsilon?: number;
  momentum?: number;
  /** Greatest global norm (L2, over all gradients of a step); null: as they are. */
  clipNorm: number | null;
}

export interface TrainerOptions extends NetworkOptions {
  loss: LossSpec;
  optimizer: OptimizerSpec;
  freeze: Freeze;
  /** By Keras's names (`conv1_conv/kernel`): each one that the encoder has, and no other; null: drawn like all the rest. */
  encoderWeights: readonly NamedTensor[] | null;
  /** Of the weights that are drawn: by this and a weight's name. */
  seed: number;
}

/** Row by row, the last dimension innermost. */
export interface NamedTensor {
  name: string;
  shape: readonly number[];
  values: Float32Array;
}

export interface TrainerInfo {
  /** `tensorflow`, else TensorFlow.js's name of its backend. */
  engine: string;
  /** What computes: `cpu`, `cuda:0`, `webgpu`. */
  device: string;
  version: string;
  /** Weights, moving averages of batch norm included. */
  parameters: number;
  /** Those that learn, with what is frozen now. */
  trainableParameters: number;
}

export interface StepResult {
  /** Of the weights before the step. */
  loss: number;
  /** L2, over all weights that learn, before it is clipped. Where this or the loss is not finite, the step has changed nothing. */
  gradientNorm: number;
  /** A class for each label: the arg max of the step's own forward pass (batch norm by the batch), the first of equals. */
  labels: Uint8Array;
}

export interface EvaluateResult {
  loss: number;
  /** A class for each label, batch norm by its moving averages; the first of equals. */
  labels: Uint8Array;
  /** N x classes: the highest probability that a class reaches in an image, 0 to 1; a classifier's probabilities. */
  maxProbability: Float32Array;
}

export interface Trainer {
  /** Current: `trainableParameters` follows `setFreeze`. */
  readonly info: TrainerInfo;
  /** One update. The thread is busy until it is done. @throws UsageError where the batch is not what the options say. */
  step(batch: TrainBatch, learningRate: number): Promise<StepResult>;
  /** Changes nothing. */
  evaluate(batch: TrainBatch): Promise<EvaluateResult>;
  /** Between two steps; the optimizer's memory of what is frozen is kept. @throws UsageError that names the stages. */
  setFreeze(freeze: Freeze): void;
  /** Copies of all that a resumed run needs: weights (`conv1_conv/kernel`) and `optimizer/...`. */
  state(): Promise<NamedTensor[]>;
  /** @throws WorkError where a tensor is missing, foreign or of another shape; nothing is changed then. */
  restore(state: readonly NamedTensor[]): Promise<void>;
  /** The network with copies of its weights, for exporters. Its first output is a softmax over the classes. */
  layers(): Promise<LayerGraph>;
  close(): void;
}

/** A network as TF.js's layers format has it. */
export interface LayerGraph {
  /** `modelTopology` of a model.json: what `tf.models.modelFromJSON` and `tf.loadLayersModel` take. */
  topology: ModelTopology;
  /** In the layers' order, each layer's in TF.js's own (kernel, bias; gamma, beta, moving_mean, moving_variance). */
  weights: NamedTensor[];
}

export interface ModelTopology {
  class_name: 'Model';
  config: {
    name: string;
    layers: LayerNode[];
    input_layers: [string, 0, 0][];
    output_layers: [string, 0, 0][];
  };
  keras_version: string;
  backend: string;
}

/** A layer and the layers whose outputs it takes; in an order in which each comes after those. */
export interface LayerNode {
  class_name: LayerClass;
  name: string;
  /** Keras's own names of options, NHWC (`data_format: 'channels_last'`). */
  config: { name: string; trainable: boolean } & Record<string, unknown>;
  /** Empty for the input, else one node: [[name, 0, 0, {}], ...]. */
  inbound_nodes: [string, 0, 0, Record<string, never>][][];
}

/** All that occurs: an exporter that knows these knows every network here. */
export type LayerClass =
  | 'InputLayer'
  | 'ZeroPadding2D'
  | 'Conv2D'
  | 'Conv2DTranspose'
  | 'BatchNormalization'
  | 'Activation'
  | 'MaxPooling2D'
  | 'UpSampling2D'
  | 'GlobalAveragePooling2D'
  | 'Concatenate'
  | 'Add';
