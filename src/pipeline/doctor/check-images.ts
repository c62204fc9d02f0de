import { npmInstall, packageFacts } from '../program-files.js';
import type { Machine } from './examination.js';

/** Formats of pictures that people have, and that sharp can write as well as read. */
const FORMATS = ['png', 'jpeg', 'tiff', 'webp', 'gif'] as const;

/** Writes and reads a small picture in each format. */
export async function checkImages(): Promise<Machine['images']> {
  const remedy = npmInstall(`sharp@${packageFacts().dependencies.sharp} --include=optional`);
  try {
    const { default: sharp } = await import('sharp');
    const picture = { width: 4, height: 4, channels: 3 as const };
    const raw = Buffer.alloc(4 * 4 * 3, 128);
    const works = async (format: (typeof FORMATS)[number]): Promise<boolean> => {
      try {
        const file = await sharp(raw, { raw: picture }).toFormat(format).toBuffer();
        const { info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
        return info.width === 4 && info.height === 4;
      } catch {
        return false;
      }
    };
    const formats: string[] = [];
    for (const format of FORMATS) if (await works(format)) formats.push(format);
    const missing = FORMATS.filter((format) => !formats.includes(format));
    const trouble = missing.length > 0 ? { reason: `sharp can't read ${missing.join(', ')}`, remedy } : null;
    return { version: sharp.versions.sharp ?? null, formats, trouble };
  } catch (error) {
    const reason = `sharp does not load: ${(error as Error).message.trim().split('\n')[0]}`;
    return { version: null, formats: [], trouble: { reason, remedy } };
  }
}
