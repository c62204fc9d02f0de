import type { EngineEntry, Trouble } from '../engines/engine.js';

/** Kinds of models, as people call them. */
export const MODEL_KINDS = ['ONNX', 'TensorFlow.js', 'SavedModel'] as const;
export type ModelKind = (typeof MODEL_KINDS)[number];

/** An engine on one device: a small model was run, or why not. */
export interface EngineCheck {
  engine: EngineEntry['name'];
  device: 'gpu' | 'cpu';
  /** The kinds of models that it reads. */
  reads: readonly ModelKind[];
  /** null where it computed what it should. */
  trouble: Trouble | null;
  /** What computed, as the engine says. The rest is null where nothing did. */
  used: string | null;
  version: string | null;
  loadMs: number | null;
  /** The first run, which prepares. */
  warmUpMs: number | null;
  /** An image after that. */
  imageMs: number | null;
}

/** Where files are written, and whether they can be. */
export interface FolderCheck {
  /** For people: `Run folder`. */
  purpose: string;
  folder: string;
  freeBytes: number | null;
  trouble: Trouble | null;
}

export interface Machine {
  node: { version: string; needed: string; trouble: Trouble | null };
  platform: string;
  threads: number;
  memory: { totalBytes: number; availableBytes: number };
  /** sharp, and the formats that it has just written and read. */
  images: { version: string | null; formats: string[]; trouble: Trouble | null };
  folders: FolderCheck[];
}
