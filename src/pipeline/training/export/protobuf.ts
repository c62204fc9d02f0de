/** Protobuf's wire format, as far as ONNX needs it: https://protobuf.dev/programming-guides/encoding/ */

/** A message, or a part of one, in pieces: weights are in it without being copied. */
export interface Encoded {
  length: number;
  pieces: readonly Uint8Array[];
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** The fields of a message, in order. */
export function message(...fields: readonly Encoded[]): Encoded {
  return {
    length: fields.reduce((sum, { length }) => sum + length, 0),
    pieces: fields.flatMap(({ pieces }) => pieces),
  };
}

/** An integer that is not negative. */
export function integerField(number: number, value: number): Encoded {
  return bytes(tag(number, VARINT), varint(value));
}

export function floatField(number: number, value: number): Encoded {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setFloat32(0, value, true);
  return bytes(tag(number, FIXED32), data);
}

/** Text as UTF-8, bytes, or a message within the message. */
export function field(number: number, content: string | Uint8Array | Encoded): Encoded {
  const encoded =
    typeof content === 'string' ? bytes(Buffer.from(content, 'utf8')) : 'pieces' in content ? content : bytes(content);
  return message(bytes(tag(number, LENGTH_DELIMITED), varint(encoded.length)), encoded);
}

/** A field for each value, as ONNX declares its lists: not packed. */
export function repeated<T>(values: readonly T[], encode: (value: T) => Encoded): Encoded {
  return message(...values.map(encode));
}

const bytes = (...pieces: Uint8Array[]): Encoded => ({
  length: pieces.reduce((sum, { length }) => sum + length, 0),
  pieces,
});

const tag = (number: number, type: number) => varint(number * 8 + type);

/** Seven bits a byte, the lowest first. */
function varint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no whole number from 0`);
  const digits: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) digits.push((rest % 128) + 128);
  digits.push(rest);
  return Uint8Array.from(digits);
}
