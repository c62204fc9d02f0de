import { closeSync, openSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { guard, makeFolder, writeWhole } from '../sinks/files.js';

/** A figure that TensorBoard draws over the steps. */
export interface Scalar {
  tag: string;
  step: number;
  value: number;
}

/** An event file, which only grows: TensorBoard reads what is appended while the training runs. */
export interface EventFile {
  add(scalars: readonly Scalar[]): void;
  close(): void;
}

/**
 * Opens a new event file in a folder.
 * @param from a resumed run's first step: what former files have from there on is not drawn
 * @param now seconds since 1970
 */
export function openEventFile(folder: string, from: number | null, now = () => Date.now() / 1000): EventFile {
  const file = path.join(folder, `events.out.tfevents.${Math.floor(now())}.${hostname()}.${process.pid}.maskaudit`);
  const descriptor = guard(file, () => {
    makeFolder(folder);
    return openSync(file, 'a');
  });
  const append = (events: Buffer[]) => guard(file, () => writeWhole(descriptor, Buffer.concat(events.map(record))));
  append([event(now(), 0, text(3, 'brain.Event:2'))]);
  if (from !== null) append([event(now(), from, bytes(7, varintField(1, SESSION_START)))]);
  return {
    add: (scalars) => append(scalars.map(({ tag, step, value }) => event(now(), step, bytes(5, summary(tag, value))))),
    close: () => closeSync(descriptor),
  };
}

/** SessionLog.START: later steps of earlier files are void (tensorflow/core/util/event.proto). */
const SESSION_START = 1;

/** Event { double wall_time = 1; int64 step = 2; oneof what }. */
function event(seconds: number, step: number, what: Buffer): Buffer {
  const time = Buffer.alloc(9);
  time[0] = tagOf(1, 1);
  time.writeDoubleLE(seconds, 1);
  return Buffer.concat([time, varintField(2, step), what]);
}

/** Summary { Value value = 1 { string tag = 1; float simple_value = 2 } }. */
function summary(tag: string, value: number): Buffer {
  const simple = Buffer.alloc(5);
  simple[0] = tagOf(2, 5);
  simple.writeFloatLE(value, 1);
  return bytes(1, Buffer.concat([text(1, tag), simple]));
}

/** Protocol buffers: a field's number and the form of its value. */
const tagOf = (field: number, form: 0 | 1 | 2 | 5): number => (field << 3) | form;

function varintField(field: number, value: number): Buffer {
  return Buffer.concat([Buffer.from([tagOf(field, 0)]), varint(value)]);
}

function bytes(field: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tagOf(field, 2)]), varint(content.length), content]);
}

const text = (field: number, content: string): Buffer => bytes(field, Buffer.from(content));

/** Seven bits a byte, the lowest first; whole numbers from 0. */
function varint(value: number): Buffer {
  const septets: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) septets.push((rest % 128) | 128);
  return Buffer.from([...septets, rest]);
}

/** TFRecord: length, its masked CRC, the data, its masked CRC (tensorflow/core/lib/io/record_writer.h). */
function record(data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(data.length));
  head.writeUInt32LE(maskedCrc(head.subarray(0, 8)), 8);
  const foot = Buffer.alloc(4);
  foot.writeUInt32LE(maskedCrc(data));
  return Buffer.concat([head, data, foot]);
}

/** Rotated and moved, since a CRC of data that holds CRCs is a weak one. */
function maskedCrc(data: Uint8Array): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Castagnoli's polynomial, reflected. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < data.length; i++) crc = CRC_TABLE[(crc ^ data[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}
