import { expect, it } from 'vitest';
import { makeFolder, removeFolder } from '../commands/program.js';
import { asProgram, casesOf, disagreements } from './golden.js';

it.each(casesOf('stories').map((one) => [one.name, one] as const))('%s', async (_, one) => {
  const out = makeFolder();
  try {
    expect(await disagreements(one, out, asProgram), one.why).toEqual([]);
  } finally {
    removeFolder(out);
  }
});
