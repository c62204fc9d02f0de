import { expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../commands/program.js';
import { casesOf, disagreements } from './golden.js';

it.each(casesOf('stories').map((one) => [one.name, one] as const))('%s', (_, one) => {
  const out = makeFolder();
  try {
    expect(disagreements(one, out), one.why).toEqual([]);
  } finally {
    removeFolder(out);
  }
});
