import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { programHome } from '../../engines/tensorflow/installation.js';
import { WorkError } from '../../errors.js';
import { createFile, makeFolder } from '../../sinks/files.js';
import { takeLock } from '../../sinks/lock.js';
import { count } from '../../words/figures.js';

/** A file that is published, and how it is known to be whole. */
export interface Published {
  url: string;
  md5: string;
}

/**
 * Keras's ResNet50 without its top, trained on ImageNet, where Keras publishes it and with the sum that Keras checks.
 * https://github.com/keras-team/keras/blob/master/keras/src/applications/resnet.py
 */
export const RESNET50_IMAGENET: Published = {
  url: 'https://storage.googleapis.com/tensorflow/keras-applications/resnet/resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5',
  md5: '4d473c1dd8becc155b73f8504c6f6626',
};

export interface Download {
  signal: AbortSignal;
  /** Bytes that have come, and how many there are; null where the server does not say. */
  onBytes(done: number, total: number | null): void;
}

/**
 * The file in the program's home; fetched when it is not there yet.
 * @throws WorkError where it can't be fetched, or what came is another file
 */
export async function imagenetFile(download: Download, published: Published = RESNET50_IMAGENET): Promise<string> {
  const file = path.join(programHome(), 'weights', published.url.replace(/^.*\//, ''));
  if (existsSync(file)) return file;
  makeFolder(path.dirname(file));
  const unlock = takeLock(
    `${file}.lock`,
    (owner) => `process ${owner} is fetching ${path.basename(file)}: wait for it, and start again`,
  );
  try {
    await fetchInto(file, published, download);
    return file;
  } finally {
    unlock();
  }
}

async function fetchInto(file: string, { url, md5 }: Published, { signal, onBytes }: Download): Promise<void> {
  const growing = createFile(file);
  try {
    const { body, total } = await request(url, signal);
    const hash = createHash('md5');
    let done = 0;
    for await (const chunk of pieces(body, url, signal)) {
      growing.write(chunk);
      hash.update(chunk);
      done += chunk.length;
      onBytes(done, total);
    }
    const sum = hash.digest('hex');
    if (sum !== md5) {
      throw new WorkError(
        `what came from ${url} is not the file that Keras publishes: ${count(done)} bytes, MD5 ${sum} in place of ${md5}. ${REMEDY}`,
      );
    }
    growing.finish();
  } finally {
    growing.discard();
  }
}

const REMEDY = 'Fetch it by other means and name it: --encoder-weights FILE; or train without: --encoder-weights none';

async function request(url: string, signal: AbortSignal) {
  // By `globalThis`, since the build takes the bare name away.
  const response = await globalThis.fetch(url, { signal }).catch((error: Error) => {
    throw unreachable(url, error, signal);
  });
  if (!response.ok || response.body === null) {
    throw new WorkError(`${url} answers ${response.status} ${response.statusText}. ${REMEDY}`);
  }
  const length = Number(response.headers.get('content-length'));
  return { body: response.body as AsyncIterable<Uint8Array>, total: length > 0 ? length : null };
}

async function* pieces(body: AsyncIterable<Uint8Array>, url: string, signal: AbortSignal) {
  try {
    yield* body;
  } catch (error) {
    throw unreachable(url, error as Error, signal);
  }
}

function unreachable(url: string, error: Error, signal: AbortSignal): Error {
  if (signal.aborted) return error;
  const { cause } = error as { cause?: Error };
  return new WorkError(`${url} can't be fetched: ${cause?.message || error.message}. ${REMEDY}`, { cause: error });
}
