import { describe, expect, it } from 'vitest';
import { pageBlocks } from '../../../src/pipeline/checks/explain.js';
import { RULE_PAGES, RULES } from '../../../src/pipeline/checks/registry.js';
import { DEFAULT_THRESHOLDS } from '../../../src/pipeline/dataset/dataset.js';
import { facts } from './given.js';

/** Written down from the contract, with M007 beside it: errors, info (always), and warnings. */
const SEVERITIES = {
  error: ['D001', 'D003', 'D004', 'D007', 'D009', 'L001', 'L003', 'L005', 'M001', 'M002', 'P001', 'P007'],
  info: ['P005'],
  warning: [
    ...['D002', 'D005', 'D006', 'D008', 'D010', 'D011', 'L002', 'L004', 'L006', 'L007', 'L008', 'L009'],
    ...['B001', 'B002', 'B003', 'M003', 'M004', 'M005', 'M006', 'M007', 'P002', 'P003', 'P004', 'P008'],
    ...['T001', 'T002', 'T003', 'T004', 'T005'],
  ],
};

describe('the registry', () => {
  it('has every rule of the contract but P006, in the order of the contract, and M007', () => {
    const numbers = (family: string, ...list: number[]) => list.map((n) => `${family}${String(n).padStart(3, '0')}`);
    expect([...RULE_PAGES.keys()]).toEqual([
      ...numbers('D', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
      ...numbers('L', 1, 2, 3, 4, 5, 6, 7, 8, 9),
      ...numbers('B', 1, 2, 3),
      ...numbers('M', 1, 2, 3, 4, 5, 6, 7),
      ...numbers('P', 1, 2, 3, 4, 5, 7, 8),
      ...numbers('T', 1, 2, 3, 4, 5),
    ]);
  });

  it('has the severities of the contract', () => {
    for (const [severity, codes] of Object.entries(SEVERITIES)) {
      for (const code of codes) expect(`${code} ${RULE_PAGES.get(code)?.severity}`).toBe(`${code} ${severity}`);
    }
    expect(Object.values(SEVERITIES).flat()).toHaveLength(RULE_PAGES.size);
  });

  it('has one page a code', () => {
    for (const { code, title, severity, what, ofImages, why, fix } of RULES) {
      expect({ code, title, severity, what, ofImages, why, fix }).toEqual({
        ...RULE_PAGES.get(code)!,
        scope: undefined,
        check: undefined,
        start: undefined,
        checkStep: undefined,
        checkEpoch: undefined,
      });
    }
  });

  it.each(RULES.map((rule) => [rule.code, rule] as const))('%s has a page that says all', (_, page) => {
    expect(page.title.length).toBeLessThan(85);
    for (const section of [page.what, page.why, page.fix]) {
      expect(section.trim().length).toBeGreaterThan(60);
      for (const { kind, text } of pageBlocks(section))
        if (kind === 'config') expect(() => JSON.parse(text)).not.toThrow();
    }
    for (const [, name] of `${page.what}${page.ofImages?.what}${page.fix}`.matchAll(/thresholds\.(\w+)/g)) {
      expect(Object.keys(DEFAULT_THRESHOLDS)).toContain(name);
    }
  });

  it('names each threshold on the page of a rule', () => {
    const pages = RULES.map(({ what, ofImages, fix }) => what + (ofImages?.what ?? '') + fix).join('');
    for (const name of Object.keys(DEFAULT_THRESHOLDS)) expect(pages).toContain(`thresholds.${name}`);
  });

  it('finds nothing in a clean image, without making an array for it', () => {
    const given = facts();
    const results = RULES.flatMap((rule) => (rule.scope === 'image' ? [rule.check(given)] : []));
    expect(results.length).toBeGreaterThan(15);
    for (const result of results) expect(result).toBe(results[0]);
    expect(results[0]).toEqual([]);
  });
});
