import { describe, expect, it } from 'vitest';
import { RULES } from '../../src/pipeline/checks/registry.js';
import { makeFolder, removeFolder } from '../commands/program.js';
import { casesOf, disagreements, inProcess } from './golden.js';

const cases = casesOf('rules');
/** A training's rules have theirs in test/pipeline/checks/training-rules.test.ts: no audit makes them speak. */
const codes = new Set(RULES.filter(({ scope }) => scope !== 'training').map(({ code }) => code));

describe('each rule has a case that it fires on and a near miss', () => {
  it.each([...codes])('%s', (code) => {
    const kinds = cases
      .filter(({ name }) => name.startsWith(`${code}/`))
      .map(({ name }) => name.split('/')[1].split('-')[0]);
    expect([...new Set(kinds)].sort()).toEqual(['fires', 'quiet']);
  });
  it.each(cases.map((one) => [one.name, one] as const))('%s is what its name says', (name, { expected }) => {
    const [code, kind] = name.split('/');
    expect(expected.findings.some(({ rule }) => rule === code)).toBe(kind.startsWith('fires'));
  });
});

describe('the whole run says what the pixels say', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const out = makeFolder();
    try {
      expect(await disagreements(one, out, inProcess), one.why).toEqual([]);
    } finally {
      removeFolder(out);
    }
  });
});
