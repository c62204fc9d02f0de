/**
 * What a terminal would act on, or a reader could not see: C0 and C1 controls with DEL, line and paragraph separators,
 * bidirectional controls (U+061C, U+200E/F, U+202A-E, U+2066-9: "Trojan Source", CVE-2021-42574), zero-width and tag
 * characters that make two names look the same, and halves of surrogate pairs.
 */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  if (SHORT[character]) return SHORT[character];
  if (point < 0x100) return `\\x${point.toString(16).padStart(2, '0')}`;
  return point < 0x10000 ? `\\u${point.toString(16).padStart(4, '0')}` : `\\u{${point.toString(16)}}`;
}

/**
 * A text that comes from data (file, folder and class names, messages of libraries) as it may be shown: one line, nothing
 * that moves the cursor, recolours, reverses or hides, all of that as visible escapes such as `\x1b` and `\u202e`.
 */
export function visible(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** The text cut to at most `most` characters, the last of them `…` where something was left out. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most
    ? text
    : `${characters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`;
}

/** Replaces each unsafe character by what `shown` makes of its code point. */
export function replaceUnsafe(text: string, shown: (point: number) => string): string {
  return text.replace(UNSAFE, (character) => shown(character.codePointAt(0) ?? 0));
}

/**
 * JSON with the same characters as `\uXXXX` escapes: the same value to a parser, harmless to a terminal that the JSON is
 * printed on. JSON has line breaks and tabs only between its tokens, so they stay.
 */
export function visibleJson(json: string): string {
  return json.replace(UNSAFE, (character) => {
    if (character === '\n' || character === '\r' || character === '\t') return character;
    let units = '';
    for (let i = 0; i < character.length; i++) units += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
    return units;
  });
}
