import { describe, expect, it } from 'vitest';
import { RULE_PAGES } from '../../src/pipeline/checks/registry.js';
import { makeFolder, removeFolder } from '../commands/program.js';
import { casesOf, disagreements, inProcess } from './golden.js';

const cases = casesOf('rules');

describe('each rule has a case that it fires on and a near miss', () => {
  it.each([...RULE_PAGES.keys()])('%s', (code) => {
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
