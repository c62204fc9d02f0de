import { stemOf } from './discover.js';

export interface Pairs {
  /** For each image the name of its mask, or null where there is none. */
  masks: (string | null)[];
  /** Masks that no image goes with. */
  orphans: string[];
}

/**
 * Pairs images and masks of two folders by the stem of their names, never by order: one orphan must not shift its neighbours.
 * An exact match comes first; else one that differs in case alone, where it is the only one.
 *
 * @param images names, sorted
 * @param masks names, sorted
 * @param maskStem the stem that an image's mask has
 */
export function pairByName(
  images: readonly string[],
  masks: readonly string[],
  maskStem: (imageStem: string) => string = (stem) => stem,
): Pairs {
  const byStem = new Map<string, string>();
  for (const name of masks) {
    const stem = stemOf(name);
    // Of two files with one stem the PNG is the mask: the other is most likely a picture made from it.
    if (!byStem.has(stem) || name.toLowerCase().endsWith('.png')) byStem.set(stem, name);
  }
  const used = new Set<string>();
  const paired = images.map((image) => {
    const name = byStem.get(maskStem(stemOf(image)));
    if (name === undefined) return null;
    used.add(name);
    // The image's own string where both are equal: one copy in memory of each name.
    return name === image ? image : name;
  });
  if (used.size === masks.length) return { masks: paired, orphans: [] };

  const free = new Map<string, string[]>();
  for (const name of masks) {
    if (used.has(name)) continue;
    const stem = stemOf(name).toLowerCase();
    free.set(stem, [...(free.get(stem) ?? []), name]);
  }
  images.forEach((image, i) => {
    if (paired[i] !== null) return;
    const candidates = free.get(maskStem(stemOf(image)).toLowerCase());
    if (candidates?.length !== 1) return;
    paired[i] = candidates[0];
    used.add(candidates[0]);
    free.delete(maskStem(stemOf(image)).toLowerCase());
  });
  const stems = new Set([...used].map(stemOf));
  return { masks: paired, orphans: masks.filter((name) => !used.has(name) && !stems.has(stemOf(name))) };
}
