import type { DatasetSpec } from '../dataset/dataset.js';

/** One image as the decoder gives it: interleaved 8-bit samples, row-major. */
export interface Pixels {
  width: number;
  height: number;
  /** 1 gray or 3 RGB. */
  channels: 1 | 3;
  /** width x height x channels, 0..255. */
  data: Uint8Array;
}

/** Where in the picture a classifier found each class: Grad-CAM before its ReLU, on the grid of the network's last planes. */
export interface HeatMaps {
  width: number;
  height: number;
  /** C x height x width, by the dataset's classes; values of a class that the model does not know are 0. */
  values: Float32Array;
}

/** Labels of the dataset's classes, row-major, a byte a pixel. */
export interface LabelMap {
  width: number;
  height: number;
  labels: Uint8Array;
}

/** What the first stage of a hybrid said of an image. */
export interface GateOutput {
  /** Of each class of the dataset, length C, 0 to 1; null for a class that the gate does not know. */
  probabilities: (number | null)[];
  /** Indices of the classes that it let through to their segmenters, ascending. */
  passed: number[];
  /** A map from each segmenter that looked at the image and has classes that were kept back; absent where there is none. */
  keptBack?: KeptBack[];
}

/** The pixels that classes would have had that a hybrid's gate kept back. */
export interface KeptBack extends LabelMap {
  classes: number[];
}

/** What a model says of one image, on the model's own output grid; a classifier's grid is one pixel. */
export interface ModelOutput {
  width: number;
  height: number;
  /** Label of each pixel (arg max), width x height, in the dataset's class indices. */
  labels: Uint8Array;
  /** Highest probability that each class of the dataset reached, length C; null for a class that the model does not know. */
  maxProbability: (number | null)[];
  /** Output is the same in every pixel, or holds NaN or infinities. */
  constant: boolean;
  nonFinite: boolean;
  /** Of softmax outputs, the largest distance from 1 of the sum of a pixel's probabilities; null for the others. */
  sumError: number | null;
  /** A classifier's, where its graph gives them. */
  heat?: HeatMaps;
  /** A hybrid's. */
  gate?: GateOutput;
}

/** What an engine and its model turned out to be; printed and kept in run.json. */
export interface EngineInfo {
  engine: string;
  /** The device that computes, asked of the engine, not assumed: `cpu`, `cuda:0`, ... */
  device: string;
  version: string;
  model: string;
  /** Input size in pixels; null where the graph takes any size. */
  inputWidth: number | null;
  inputHeight: number | null;
  batch: number;
  /** What was read from the card, the flags or the graph, one clause each: `NCHW from the graph`. */
  notes: string[];
  /** Indices of the dataset's classes that the model knows; an engine that leaves it out knows them all. */
  knownClasses?: readonly number[];
  /** Whether each pixel gets a class or the image as a whole does; absent in runs of before there was the second. */
  task?: 'segmentation' | 'classification';
  /** What loading took, and the first run, which prepares and is no part of any rate; in milliseconds. */
  loadMs?: number;
  warmUpMs?: number;
  /** Of a hybrid: its gate, then its segmenters. */
  stages?: readonly EngineInfo[];
}

/** What a stage of a hybrid had to do. */
export interface StageWork {
  model: string;
  /** Images that it ran on, and those that it had to for the prediction: `segmentAll` makes a segmenter run on more. */
  images: number;
  sent: number;
  /** Time at work, of each of its sessions, added up. */
  seconds: number;
}

/** A loaded model. `infer` takes any number of images up to `info.batch` and gives outputs in the same order. */
export interface Engine {
  info: EngineInfo;
  /** Calls that it works on at once; others wait for their turn. */
  sessions: number;
  /** Calls that it should be given before it has answered the first of them; where it is left out, three a session. */
  inFlight?: number;
  /** Takes over the images' buffers: they may be moved to another thread, and are empty afterwards. May be called again meanwhile. */
  infer(images: readonly Pixels[]): Promise<ModelOutput[]>;
  /** A hybrid's: what gate and segmenters have done so far. */
  work?(): StageWork[];
  close(): Promise<void>;
}

/** What a user says about a model on the command line; the card beside the model says the rest. */
export interface EngineOptions {
  model: string;
  /** What a segmenter predicts, or, where it is image-level, a classifier. */
  dataset: DatasetSpec;
  /** The same dataset as a classifier sees it, where what the model turns out to be decides; absent: a classifier is refused. */
  asImages?: DatasetSpec;
  device: DeviceChoice;
  /** Images per call, null: the graph's fixed batch or the engine's own choice. */
  batch: number | null;
  /** Sessions or threads at work. */
  jobs: number;
  /** `key=value` settings that override the card's. */
  card: Record<string, string>;
  /** The classes that the user chose, as they were written: what a one-channel model without class order is for, where it is one. */
  classes?: readonly string[] | null;
  /** What the model is in a hybrid; absent: it is none's. */
  stage?: 'gate' | 'segmenter';
  /** Of a hybrid: its segmenters run on every image, also on those that the gate keeps back; what it predicts stays the same. */
  segmentAll?: boolean;
  /** Told what a user should know and that is no error, e.g. that a batch was halved. */
  onNote?(message: string): void;
}

/** What `--device` may ask for. */
export type DeviceChoice = 'auto' | 'gpu' | 'cpu';

/** Why something can't be used here, and the one command (or act) that would change that; null where none would. */
export interface Trouble {
  reason: string;
  remedy: string | null;
}

export function troubleWords({ reason, remedy }: Trouble): string {
  return remedy === null ? reason : `${reason}: ${remedy}`;
}

/** An engine that can be chosen: how to know that it works here, and how to load it. */
export interface EngineEntry {
  name: 'tensorflow' | 'onnx' | 'webgpu' | 'wasm';
  /** What it can compute on, the best first; `doctor` tries each. */
  devices: readonly ('gpu' | 'cpu')[];
  /** File endings or folder marks of the models that it reads. */
  reads(model: string): boolean;
  /**
   * null where it works here on that device (`auto`: on any), as far as that shows before a model is loaded.
   * @param named the user asked for this engine: what works and is slower than the engine behind it is no trouble then
   */
  probe(device: DeviceChoice, named: boolean): Promise<Trouble | null>;
  /** Fails where the device that was asked for can't be had; what computes is in the engine's `info`. */
  open(options: EngineOptions): Promise<Engine>;
}
