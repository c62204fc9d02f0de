import type { HelpSection, KeyHelp } from './key-help.js';

/** What a key does in some places of a screen. Help and footer are made from a table of these. */
export interface PlacedKey<Action extends string, Place extends string> extends KeyHelp {
  action: Action;
  places: readonly Place[];
}

/** What a key does at a place, or null. */
export function actionAt<A extends string, P extends string>(
  table: readonly PlacedKey<A, P>[],
  key: string,
  place: P,
): A | null {
  return table.find(({ keys, places }) => places.includes(place) && keys.includes(key))?.action ?? null;
}

/** Entries of a place whose keys would do something now, for its footer. */
export function entriesAt<A extends string, P extends string>(
  table: readonly PlacedKey<A, P>[],
  place: P,
  idle: ReadonlySet<A>,
): PlacedKey<A, P>[] {
  return table.filter(({ places, action }) => places.includes(place) && !idle.has(action));
}

/** Every entry once, under the first title whose place it works at; what works at `everywhere` comes last. */
export function sectionsOf<A extends string, P extends string>(
  table: readonly PlacedKey<A, P>[],
  titles: readonly (readonly [P, string])[],
  everywhere: readonly P[],
): HelpSection[] {
  const rest = new Set(table);
  const sections = titles.map(([place, title]) => {
    const entries = table.filter(
      (entry) => rest.has(entry) && entry.places !== everywhere && entry.places.includes(place),
    );
    for (const entry of entries) rest.delete(entry);
    return { title, entries };
  });
  return [...sections, { title: 'Everywhere', entries: [...rest] }];
}
