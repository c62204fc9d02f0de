import type { Role } from '../dataset/dataset.js';
import type { FileFacts } from '../facts.js';
import { LARGEST } from '../kernels/faults.js';
import type { Kernels, PngInfo, Slot } from '../kernels/kernels.js';

/** What single-channel values are wanted: brightness, the palette index and unscaled sample of a label mask, or an alpha channel. */
export type Values = 'gray' | 'index' | 'alpha';

/** Reads picture files of one dataset folder into slots. Broken files are values, never throws. */
export interface RasterReader {
  /** Leaves one byte a pixel in the slot where the state is `read`. A promise only where another decoder than ours is needed. */
  read(role: Role, relative: string, slot: Slot, values: Values): FileFacts | Promise<FileFacts>;
  /** Size and format alone; the slot stays. */
  inspect(role: Role, relative: string): FileFacts | Promise<FileFacts>;
}

export function createRasterReader(kernels: Kernels, root: string): RasterReader {
  function open(role: Role, relative: string): { facts: FileFacts; length: number } {
    const facts = emptyFacts(role, relative);
    try {
      return { facts, length: kernels.readFile(`${root}/${relative}`) };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') facts.state = 'missing';
      facts.fault = refusal(error as NodeJS.ErrnoException, relative);
      return { facts, length: -1 };
    }
  }

  return {
    read(role, relative, slot, values) {
      const { facts, length } = open(role, relative);
      if (length < 0) return facts;
      if (!isPng(kernels.input(Math.min(length, 8))))
        return readOther(facts, `${root}/${relative}`, kernels, slot, length, values);
      const decoded = kernels.decodePng(length, slot);
      if (!decoded.ok) {
        facts.fault = decoded.fault;
        return facts;
      }
      describe(facts, decoded.info);
      facts.state = 'read';
      if (decoded.info.colorType !== 0 || decoded.info.bitDepth !== 8) {
        Object.assign(facts, toSingleChannel(kernels, slot, decoded.info, values));
      }
      return facts;
    },
    inspect(role, relative) {
      const { facts, length } = open(role, relative);
      if (length < 0) return facts;
      if (!isPng(kernels.input(Math.min(length, 8))))
        return inspectOther(facts, `${root}/${relative}`, kernels, length);
      const decoded = kernels.inspectPng(length);
      if (!decoded.ok) {
        facts.fault = decoded.fault;
        return facts;
      }
      describe(facts, decoded.info);
      facts.state = 'header';
      return facts;
    },
  };
}

/** Why a file could not be read, for people. */
function refusal({ code = '', message }: NodeJS.ErrnoException, relative: string): string {
  if (code !== 'ENOENT') return `can't be opened: ${REFUSALS[code] ?? (code || message)}`;
  // Node puts this character where a name's bytes are no UTF-8; the name that it gives then opens nothing.
  return relative.includes('\uFFFD') ? 'its name is not UTF-8: rename it' : 'it is gone since the folder was listed';
}

const REFUSALS: Record<string, string> = {
  EACCES: 'no permission',
  EISDIR: 'it is a folder, not a file',
  ELOOP: 'it is a link that leads back to itself',
  ENXIO: 'it is no regular file',
  EAGAIN: 'it is no regular file',
};

function emptyFacts(role: Role, path: string): FileFacts {
  return {
    role,
    path,
    state: 'unreadable',
    fault: null,
    width: 0,
    height: 0,
    format: 'png',
    bitDepth: 8,
    channels: 1,
    palette: false,
    alpha: false,
    interlaced: false,
    lossless: true,
    alphaOnly: 0,
    mask: null,
  };
}

function isPng(head: Uint8Array): boolean {
  return head.length === 8 && head[0] === 0x89 && head[1] === 0x50 && head[2] === 0x4e && head[3] === 0x47;
}

function describe(facts: FileFacts, info: PngInfo): void {
  facts.width = info.width;
  facts.height = info.height;
  facts.bitDepth = info.bitDepth;
  facts.channels = CHANNELS[info.colorType];
  facts.palette = info.colorType === 3;
  facts.alpha = info.colorType >= 4 || info.transparency;
  facts.interlaced = info.interlaced;
}

const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

/** Brings a slot's samples to one byte a pixel. */
function toSingleChannel(kernels: Kernels, slot: Slot, info: PngInfo, values: Values): Losses {
  const pixels = info.width * info.height;
  const wide = info.bitDepth === 16;
  const channels = CHANNELS[info.colorType];
  if (info.colorType === 0 && !wide) {
    if (values === 'index') unscale(kernels, slot, pixels, info.bitDepth);
    return { lossless: !info.transparency, alphaOnly: 0 };
  }
  if (info.colorType === 3) {
    return { lossless: values === 'index' || paletteToGray(kernels, slot, pixels, info), alphaOnly: 0 };
  }
  const samples = kernels.view(slot, pixels * channels * (wide ? 2 : 1)).slice();
  const narrowed = wide ? narrow(samples) : { samples, lossless: true };
  const gray = mixChannels(narrowed.samples, pixels, channels, values);
  kernels.store(slot, gray.values);
  return { lossless: narrowed.lossless && gray.lossless && !info.transparency, alphaOnly: gray.alphaOnly };
}

/** PNG scales 1-, 2- and 4-bit grays to 0..255; as labels they count 0, 1, 2, ... */
function unscale(kernels: Kernels, slot: Slot, pixels: number, bitDepth: number): void {
  const step = 255 / (2 ** bitDepth - 1);
  kernels.applyTable(
    slot,
    pixels,
    Uint8Array.from({ length: 256 }, (_, value) => Math.floor(value / step)),
    slot,
  );
}

function paletteToGray(kernels: Kernels, slot: Slot, pixels: number, info: PngInfo): boolean {
  const palette = info.palette ?? new Uint8Array();
  const table = new Uint8Array(256);
  let gray = true;
  const histogram = kernels.histogram(slot, pixels);
  for (let entry = 0; entry * 3 < palette.length; entry++) {
    const [r, g, b] = palette.subarray(entry * 3, entry * 3 + 3);
    table[entry] = luma(r, g, b);
    if (histogram[entry] > 0 && (r !== g || g !== b)) gray = false;
  }
  kernels.applyTable(slot, pixels, table, slot);
  return gray && !info.transparency;
}

/** 16-bit samples (low byte first) to 8: as they are where all fit, k of 257 k where all are such, else the high byte. */
function narrow(bytes: Uint8Array): { samples: Uint8Array; lossless: boolean } {
  const count = bytes.length / 2;
  let fits = true;
  let doubled = true;
  for (let i = 0; i < count; i++) {
    if (bytes[2 * i + 1] !== 0) fits = false;
    if (bytes[2 * i] !== bytes[2 * i + 1]) doubled = false;
  }
  const offset = fits ? 0 : 1;
  const samples = new Uint8Array(count);
  for (let i = 0; i < count; i++) samples[i] = bytes[2 * i + offset];
  return { samples, lossless: fits || doubled };
}

/** What one byte a pixel could not keep of a picture; see FileFacts. */
type Losses = Pick<FileFacts, 'lossless' | 'alphaOnly'>;

function mixChannels(
  samples: Uint8Array,
  pixels: number,
  channels: number,
  wanted: Values,
): Losses & { values: Uint8Array } {
  if (channels === 1) return { values: samples, lossless: true, alphaOnly: 0 };
  const values = new Uint8Array(pixels);
  const colours = channels >= 3;
  const alpha = channels === 2 || channels === 4;
  let lossless = true;
  let visible = 0;
  for (let i = 0; i < pixels; i++) {
    const at = i * channels;
    const r = samples[at];
    if (colours) {
      const g = samples[at + 1];
      const b = samples[at + 2];
      if (r === g && g === b) values[i] = r;
      else {
        values[i] = luma(r, g, b);
        lossless = false;
      }
    } else values[i] = r;
    if (!alpha) continue;
    if (samples[at + channels - 1] !== 255) lossless = false;
    if (samples[at + channels - 1] !== 0) visible++;
  }
  const alphaOnly = visible < pixels && values.every((value) => value === 0) ? visible : 0;
  if (wanted === 'alpha' && alpha) for (let i = 0; i < pixels; i++) values[i] = samples[(i + 1) * channels - 1];
  return { values, lossless, alphaOnly };
}

/** ITU-R BT.601 luma, as Pillow's mode `L` and OpenCV's grayscale reading weigh it. */
function luma(r: number, g: number, b: number): number {
  return Math.round(0.299 * r + 0.587 * g + 0.114 * b);
}

/** Everything that is no PNG goes through sharp (libvips); our decoder's words stay for what sharp can't read either. */
async function readOther(
  facts: FileFacts,
  file: string,
  kernels: Kernels,
  slot: Slot,
  length: number,
  values: Values,
): Promise<FileFacts> {
  const ours = kernels.inspectPng(length);
  const bytes = kernels.input(length).slice();
  try {
    const { default: sharp } = await import('sharp');
    const picture = sharp(bytes, { failOn: 'error', limitInputPixels: LARGEST });
    describeOther(facts, await picture.metadata());
    const { data, info } = await picture.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    const gray = mixChannels(
      new Uint8Array(data.buffer, data.byteOffset, data.length),
      info.width * info.height,
      info.channels,
      values,
    );
    kernels.store(slot, gray.values);
    facts.lossless = gray.lossless && facts.bitDepth <= 8 && !LOSSY.has(facts.format);
    facts.alphaOnly = gray.alphaOnly;
    facts.width = info.width;
    facts.height = info.height;
    facts.state = 'read';
  } catch (error) {
    facts.fault = otherFault(ours.ok ? '' : ours.fault, error, file);
  }
  return facts;
}

async function inspectOther(facts: FileFacts, file: string, kernels: Kernels, length: number): Promise<FileFacts> {
  const ours = kernels.inspectPng(length);
  const bytes = kernels.input(length).slice();
  try {
    const { default: sharp } = await import('sharp');
    describeOther(facts, await sharp(bytes, { limitInputPixels: LARGEST }).metadata());
    facts.state = 'header';
  } catch (error) {
    facts.fault = otherFault(ours.ok ? '' : ours.fault, error, file);
  }
  return facts;
}

const LOSSY = new Set(['jpeg', 'webp', 'heif', 'gif']);

interface OtherMetadata {
  format?: string;
  width?: number;
  height?: number;
  depth?: string;
  channels?: number;
  hasAlpha?: boolean;
  isPalette?: boolean;
  isProgressive?: boolean;
}

function describeOther(facts: FileFacts, metadata: OtherMetadata): void {
  facts.format = metadata.format ?? 'unknown';
  facts.width = metadata.width ?? 0;
  facts.height = metadata.height ?? 0;
  facts.bitDepth = metadata.depth === 'uchar' || metadata.depth === undefined ? 8 : 16;
  facts.channels = metadata.channels ?? 1;
  facts.alpha = metadata.hasAlpha ?? false;
  facts.palette = metadata.isPalette ?? false;
  facts.interlaced = metadata.isProgressive ?? false;
}

function otherFault(ours: string, error: unknown, file: string): string {
  const words = (error as Error).message.split('\n')[0].replaceAll(file, '').trim();
  return ours === '' ? words : `${ours} (${words})`;
}
