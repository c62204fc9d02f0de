import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Pixels } from '../engines/engine.js';
import { programFile } from '../program-files.js';

/** One small model in the formats that engines read; the first that an engine reads is run. */
const MODELS = ['twin.onnx', 'twin-graph/model.json'];

/** A picture, and what the model gives for it, worked out without any of the engines. */
export interface TwinImage {
  image: Pixels;
  /** Class index of each pixel, a character each. */
  labels: string;
  maxProbability: number[];
}

/** The pictures of `fixtures/twins/expected.json`, in fresh buffers: engines take them over. */
export function readTwins(): TwinImage[] {
  type Row = { gray: string[]; labels: string[]; maxProbability: number[] };
  const { images } = JSON.parse(readFileSync(programFile('fixtures/twins/expected.json'), 'utf8')) as { images: Row[] };
  return images.map(({ gray, labels, maxProbability }) => {
    const data = Uint8Array.from(Buffer.from(gray.join(''), 'hex'));
    const image: Pixels = { width: labels[0].length, height: labels.length, channels: 1, data };
    return { image, labels: labels.join(''), maxProbability };
  });
}

/** The model as an engine reads it; null where it reads none of its formats. */
export function twinFor(reads: (model: string) => boolean): string | null {
  const files = MODELS.map((name) => fileURLToPath(programFile(`fixtures/twins/${name}`)));
  return files.find(reads) ?? null;
}
