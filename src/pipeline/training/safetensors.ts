import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { UsageError } from '../errors.js';
import { createFile } from '../sinks/files.js';

/** A tensor in a file. Little-endian machines alone, as everything that Node's TensorFlow runs on is. */
export interface StoredTensor {
  name: string;
  shape: readonly number[];
  values: Float32Array | Uint32Array;
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [begin: number, end: number];
}

const HEADER_BYTES = 8;

/**
 * Writes tensors as a safetensors file, which Python's `safetensors` reads too: the length of a JSON header, the header with types,
 * shapes, offsets and texts, and the bytes. Whole or not at all: the former file of that name stays until the new one is on the disk.
 * https://github.com/huggingface/safetensors#format
 * @throws WorkError where it can't be written, e.g. the disk is full
 */
export function writeTensors(
  file: string,
  tensors: readonly StoredTensor[],
  metadata: Readonly<Record<string, string>>,
): void {
  const header: Record<string, Entry | Readonly<Record<string, string>>> = { __metadata__: metadata };
  let end = 0;
  for (const { name, shape, values } of tensors) {
    const begin = end;
    end += values.byteLength;
    header[name] = {
      dtype: values instanceof Float32Array ? 'F32' : 'U32',
      shape: [...shape],
      data_offsets: [begin, end],
    };
  }
  const text = Buffer.from(JSON.stringify(header));
  // Spaces, so that what follows lies on a multiple of 8.
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, ' ');
  text.copy(padded);
  const length = Buffer.alloc(HEADER_BYTES);
  length.writeBigUInt64LE(BigInt(padded.length));
  const growing = createFile(file);
  try {
    for (const bytes of [length, padded]) growing.write(bytes);
    for (const { values } of tensors) growing.write(bytesOf(values));
    growing.finish({ flush: true });
  } finally {
    growing.discard();
  }
}

/** @throws UsageError for a file that is none, or is cut */
export function readTensors(file: string): { tensors: StoredTensor[]; metadata: Record<string, string> } {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const length = Number(readBytes(descriptor, HEADER_BYTES).readBigUInt64LE());
    if (!(length <= size - HEADER_BYTES)) throw new RangeError('its header is cut');
    const header = JSON.parse(readBytes(descriptor, length).toString('utf8')) as Record<string, Entry>;
    const { __metadata__: metadata, ...entries } = header;
    const tensors = Object.entries(entries)
      .sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0])
      .map(
        ([
          name,
          {
            dtype,
            shape,
            data_offsets: [begin, end],
          },
        ]): StoredTensor => {
          if (dtype !== 'F32' && dtype !== 'U32') throw new TypeError(`tensor ${name} is of type ${dtype}`);
          if (HEADER_BYTES + length + end > size) throw new RangeError(`tensor ${name} is cut`);
          const count = (end - begin) / 4;
          const values = dtype === 'F32' ? new Float32Array(count) : new Uint32Array(count);
          bytesOf(values).set(readBytes(descriptor, end - begin));
          return { name, shape, values };
        },
      );
    return { tensors, metadata: metadata as unknown as Record<string, string> };
  } catch (error) {
    throw new UsageError(`${file} is no safetensors file that can be read: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    closeSync(descriptor);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The next bytes of a file. */
function readBytes(descriptor: number, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  let at = 0;
  while (at < count) {
    const read = readSync(descriptor, bytes, at, count - at, null);
    if (read === 0) throw new RangeError(`it ends after ${at} of ${count} bytes`);
    at += read;
  }
  return bytes;
}
