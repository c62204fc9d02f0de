/** Formats by their first bytes: offset, bytes (latin-1), name. */
const FORMATS: readonly (readonly [number, string, string])[] = [
  [0, '\xff\xd8\xff', 'a JPEG file'],
  [0, 'GIF8', 'a GIF file'],
  [0, 'II*\0', 'a TIFF file'],
  [0, 'MM\0*', 'a TIFF file'],
  [0, 'II+\0', 'a TIFF file'],
  [8, 'WEBP', 'a WebP file'],
  [4, 'ftyp', 'a HEIF, AVIF or MP4 file'],
  [0, '\0\0\0\x0cjP  ', 'a JPEG 2000 file'],
  [0, '8BPS', 'a Photoshop file'],
  [128, 'DICM', 'a DICOM file'],
  [344, 'n+1\0', 'a NIfTI file'],
  [0, '\x93NUMPY', 'a NumPy file'],
  [0, '\x89HDF', 'an HDF5 file'],
  [0, '%PDF', 'a PDF file'],
  [0, 'PK\x03\x04', 'a zip file'],
  [0, '\x1f\x8b', 'a gzip file'],
  [0, '7z\xbc\xaf', 'a 7-Zip file'],
  [0, 'Rar!', 'a RAR file'],
  [0, 'version https://git-lfs', 'a Git LFS pointer, not the file itself'],
  [0, 'BM', 'a BMP file'],
];

/** What a file without PNG signature seems to be: `not a PNG but a JPEG file`. Looks at no more than 512 bytes. */
export function describeForeign(input: Uint8Array): string {
  if (input.length === 0) return 'not a PNG: the file is empty';
  const head = String.fromCharCode(...input.subarray(0, 512));
  if ('\x89PNG\r\n\x1a\n'.startsWith(head)) return `truncated: the file ends after ${input.length} bytes`;
  const known = FORMATS.find(([at, bytes]) => head.startsWith(bytes, at));
  if (known) return `not a PNG but ${known[2]}`;
  if (/^.?PNG[\r\n]/s.test(head)) return 'damaged: PNG signature changed (sent as text?)';
  if (/^\0+$/.test(head)) return 'not a PNG: it begins with zeros alone';
  if (/^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body)/i.test(head)) return 'not a PNG but a web page';
  if (/^(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg)/i.test(head)) return 'not a PNG but an XML or SVG file';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells bytes from text.
  if (!/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(head)) return 'not a PNG but text';
  return 'not a PNG';
}
