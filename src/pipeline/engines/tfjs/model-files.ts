import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { WorkError } from '../../errors.js';
import { count } from '../../words/figures.js';

/** What lies in `model.json` and the weight files that it names. */
export interface ModelFiles {
  kind: 'layers' | 'graph';
  artifacts: io.ModelArtifacts;
}

/** Bytes of an element as it lies in the file; strings have no fixed length. */
const BYTES: Record<string, number> = { float32: 4, int32: 4, bool: 1, complex64: 8, uint8: 1, uint16: 2, float16: 2 };

/**
 * Reads a TF.js model from disk, in place of TensorFlow.js's own loaders: those know URLs, and say nothing of a short file.
 * @throws WorkError naming the file that is missing, cut short or of another model.
 */
export async function readModelFiles(file: string): Promise<ModelFiles> {
  const json = await readJson(file);
  const { modelTopology, weightsManifest = [], ...rest } = json;
  const kind = kindOf(json);
  if (kind === null || !Array.isArray(weightsManifest)) {
    throw new WorkError(
      `${path.basename(file)} is no TensorFlow.js model: it holds no layers and no graph with weights`,
    );
  }
  const weightData = await readWeights(file, weightsManifest);
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  return { kind, artifacts: { ...rest, modelTopology, weightSpecs, weightData, trainingConfig: undefined } };
}

async function readJson(file: string): Promise<io.ModelJSON> {
  const name = path.basename(file);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new WorkError(`the model ${file} can't be read: ${(error as Error).message}`, { cause: error });
  }
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null) return json as io.ModelJSON;
  } catch (error) {
    throw new WorkError(`${name} is no JSON (${(error as Error).message}): was it copied whole?`, { cause: error });
  }
  throw new WorkError(`${name} is no TensorFlow.js model`);
}

/** By what the file says of itself, else by what it holds. */
function kindOf({ format, modelTopology }: io.ModelJSON): ModelFiles['kind'] | null {
  if (typeof modelTopology !== 'object' || modelTopology === null) return null;
  if (format === 'graph-model' || 'node' in modelTopology) return 'graph';
  return format === 'layers-model' || 'model_config' in modelTopology || 'class_name' in modelTopology
    ? 'layers'
    : null;
}

/** The weight files, one behind the other in one buffer. */
async function readWeights(file: string, manifest: io.WeightsManifestConfig): Promise<ArrayBuffer> {
  const shards: { file: string; size: number }[] = [];
  for (const group of manifest) {
    const own = await Promise.all(group.paths.map((name) => sizedShard(file, name)));
    checkSizes(file, group, own);
    shards.push(...own);
  }
  const data = new ArrayBuffer(shards.reduce((sum, { size }) => sum + size, 0));
  let at = 0;
  for (const shard of shards) {
    await readInto(new Uint8Array(data, at, shard.size), shard.file);
    at += shard.size;
  }
  return data;
}

async function sizedShard(file: string, name: string): Promise<{ file: string; size: number }> {
  const folder = path.dirname(file);
  const shard = path.resolve(folder, name);
  const model = path.basename(file);
  if (path.relative(folder, shard).startsWith('..')) {
    throw new WorkError(`${model} names the weight file ${name}, which lies outside its folder`);
  }
  try {
    return { file: shard, size: (await stat(shard)).size };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new WorkError(`the weight file ${shard} can't be read: ${message}`, { cause: error });
    throw new WorkError(`${model} names the weight file ${name}, which is not there: it belongs at ${shard}`);
  }
}

function checkSizes(file: string, group: io.WeightsManifestConfig[number], shards: readonly { size: number }[]): void {
  const lengths = group.weights.map(({ shape, dtype, quantization }) => {
    return shape.reduce((product, dim) => product * dim, BYTES[quantization?.dtype ?? dtype] ?? Number.NaN);
  });
  const expected = lengths.reduce((sum, length) => sum + length, 0);
  const found = shards.reduce((sum, { size }) => sum + size, 0);
  if (Number.isNaN(expected) || found === expected) return;
  const names = group.paths.length > 3 ? `${group.paths[0]} to ${group.paths.at(-1)}` : group.paths.join(', ');
  throw new WorkError(
    `${names} hold${group.paths.length === 1 ? 's' : ''} ${count(found)} bytes, and the weights of ` +
      `${path.basename(file)} take ${count(expected)}: cut short, or of another model`,
  );
}

async function readInto(target: Uint8Array, file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    let at = 0;
    while (at < target.length) {
      const { bytesRead } = await handle.read(target, at, Math.min(target.length - at, 1 << 30), at);
      if (bytesRead === 0) throw new WorkError(`the weight file ${file} became shorter while it was read`);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
