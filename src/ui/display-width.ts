/**
 * Code points that terminals draw two cells wide: East Asian Width W and F of Unicode 16 in whole blocks, unassigned
 * gaps included. Emoji outside these blocks are recognised by property.
 * https://www.unicode.org/reports/tr11/
 */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f], // Hangul Jamo, leading consonants
  [0x2329, 0x232a],
  [0x2e80, 0x303e], // CJK radicals, Kangxi, ideographic description, CJK punctuation
  [0x3041, 0x33ff], // kana, Bopomofo, Hangul compatibility, CJK compatibility
  [0x3400, 0xa4cf], // CJK ideographs, Yijing hexagrams, Yi
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3], // Hangul syllables
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60], // fullwidth forms
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff], // Tangut, Khitan
  [0x1aff0, 0x1b2ff], // kana supplements, Nushu
  [0x1d300, 0x1d376],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd], // CJK extensions
];

/** Signs of one column each that never join their neighbours: ASCII, Latin letters, and what the screen draws with. */
const SIMPLE = /^[\x20-\x7e\u00a1-\u00a8\u00aa-\u00ac\u00af-\u02ff\u2026\u2190-\u2193\u2500-\u25a9\u2800-\u28ff]*$/;
const EMOJI = /^(\p{Emoji_Presentation}|\p{Emoji}\uFE0F)/u;
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cells of one grapheme cluster in a terminal: 0, 1 or 2. */
function clusterWidth(cluster: string): 0 | 1 | 2 {
  if (ZERO.test(cluster)) return 0;
  if (EMOJI.test(cluster)) return 2;
  const point = cluster.codePointAt(0) ?? 0;
  return WIDE.some(([first, last]) => point >= first && point <= last) ? 2 : 1;
}

/** Columns that a text without escape sequences takes in a terminal. */
export function displayWidth(text: string): number {
  if (SIMPLE.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += clusterWidth(segment);
  return width;
}

/** The text cut to at most `width` columns, the last of them `…` where something was left out. Never splits a character. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  if (SIMPLE.test(text)) return `${text.slice(0, width - 1).trimEnd()}…`;
  let kept = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += clusterWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** The text cut at its start to at most `width` columns, the first of them `…`: of a path the end says most. */
export function truncateStart(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  if (SIMPLE.test(text)) return `…${text.slice(text.length - width + 1)}`;
  let kept = '';
  let used = 1;
  for (const { segment } of [...segmenter.segment(text)].reverse()) {
    used += clusterWidth(segment);
    if (used > width) break;
    kept = segment + kept;
  }
  return `…${kept}`;
}

/** Of a name that is too long the beginning says most (patient and examination come first), the end a number at times. */
const TAIL = { share: 1 / 8, least: 3 };

/**
 * A path, or a name alone, in at most `width` columns: folders go first, from the left; of a file's name that is too long by itself the middle
 * goes, since many names differ at neither end alone.
 */
export function truncatePath(path: string, width: number): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (width < 5 || displayWidth(path) <= width || displayWidth(name) < width) return truncateStart(path, width);
  const tail = Math.min(width - 2, Math.max(TAIL.least, Math.floor(width * TAIL.share)));
  return truncate(name, width - tail) + truncateStart(name, tail + 1).slice(1);
}

/** The text with spaces after it (`start`) or before it (`end`) up to `width` columns; longer texts are left as they are. */
export function pad(text: string, width: number, align: 'start' | 'end' = 'start'): string {
  const gap = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'start' ? text + gap : gap + text;
}

/**
 * Lines of at most `width` columns, broken at spaces; a word that is longer stands alone and is not cut, so that a path
 * or a command can still be copied.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  lines.push(line);
  return lines;
}
