import type { Pixels } from '../engines/engine.js';
import type { FileFacts } from '../facts.js';
import { LARGEST } from '../kernels/faults.js';

/** RGB pixels of a picture whose channels differ; marks the file unreadable and gives null where that fails. */
export async function readColours(file: string, facts: FileFacts): Promise<Pixels | null> {
  try {
    const { default: sharp } = await import('sharp');
    const { data, info } = await sharp(file, { failOn: 'error', limitInputPixels: LARGEST })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels: 3, data: new Uint8Array(data) };
  } catch (error) {
    facts.state = 'unreadable';
    facts.fault = (error as Error).message.split('\n')[0].replaceAll(file, '').trim();
    return null;
  }
}
