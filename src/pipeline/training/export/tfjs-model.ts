import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ModelCard } from '../../model/card.js';
import { programVersion } from '../../program-files.js';
import { createFile, exchangeFolder, guard, writeFile } from '../../sinks/files.js';
import type { LayerGraph, NamedTensor } from '../trainer.js';
import { writeCard } from './model-card.js';

/** Bytes of a weight file, as the TensorFlow.js converter cuts them: what browsers cache. */
const SHARD = 4 * 2 ** 20;

/**
 * Writes a network as a TensorFlow.js layers model, `model.json` with its weight files and its card: for `tf.loadLayersModel` in a
 * browser, and for the engines here. The folder is there whole or as it was.
 * @throws WorkError where it can't be written
 */
export function writeTfjsModel(folder: string, { topology, weights }: LayerGraph, card: ModelCard): void {
  const part = `${folder}.${process.pid}.part`;
  try {
    const model = path.join(part, 'model.json');
    const paths = writeShards(part, weights);
    const specs = weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
    const json = {
      format: 'layers-model',
      generatedBy: `maskaudit ${programVersion()}`,
      convertedBy: null,
      modelTopology: topology,
      weightsManifest: [{ paths, weights: specs }],
    };
    writeFile(model, `${JSON.stringify(json)}\n`);
    writeCard(model, card);
    guard(folder, () => exchangeFolder(part, folder));
  } finally {
    if (existsSync(part)) rmSync(part, { recursive: true });
  }
}

/** The weights behind each other, cut anywhere. @returns the files' names */
function writeShards(folder: string, weights: readonly NamedTensor[]): string[] {
  const total = weights.reduce((sum, { values }) => sum + values.byteLength, 0);
  const count = Math.max(1, Math.ceil(total / SHARD));
  const names = Array.from({ length: count }, (_, i) => `group1-shard${i + 1}of${count}.bin`);
  const pieces = cut(weights, SHARD);
  for (const name of names) {
    const growing = createFile(path.join(folder, name));
    try {
      let room = SHARD;
      while (room > 0) {
        const { value, done } = pieces.next();
        if (done) break;
        growing.write(value);
        room -= value.length;
      }
      growing.finish();
    } finally {
      growing.discard();
    }
  }
  return names;
}

/** The weights' bytes in order, no piece across a multiple of `size`. */
function* cut(weights: readonly NamedTensor[], size: number): Generator<Uint8Array, void> {
  let position = 0;
  for (const { values } of weights) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + size - (position % size));
      yield bytes.subarray(at, end);
      position += end - at;
      at = end;
    }
  }
}
