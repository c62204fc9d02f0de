import type { EngineInfo } from '../engines/engine.js';
import { visible } from './visible-text.js';

/**
 * Which classes a model can't predict, such as those of which a hybrid has no segmenter: their scores of 0 are no failure of it.
 * @returns null where it knows them all
 */
export function unmarkedWords(
  engine: Pick<EngineInfo, 'knownClasses'> | null,
  classes: readonly { index: number; key: string }[],
): string | null {
  const known = engine?.knownClasses;
  if (known === undefined) return null;
  const unknown = classes.filter(({ index }) => index > 0 && !known.includes(index)).map(({ key }) => visible(key));
  return unknown.length === 0 ? null : `The model has no class ${unknown.join(', ')}: nothing of it is predicted.`;
}
