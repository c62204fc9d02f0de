import { describe, expect, it } from 'vitest';
import { explainRules, listRules, pageBlocks, rulePage } from '../../../src/pipeline/checks/explain.js';
import { RULE_PAGES } from '../../../src/pipeline/checks/registry.js';
import { UsageError } from '../../../src/pipeline/errors.js';

describe('pageBlocks', () => {
  it('tells text, commands and configuration apart', () => {
    const section = `
      One line
      and another.

      $ maskaudit stats DATASET

      { "patient": "^(P\\\\d+)_" }`;
    expect(pageBlocks(section)).toEqual([
      { kind: 'text', text: 'One line and another.' },
      { kind: 'command', text: 'maskaudit stats DATASET' },
      { kind: 'config', text: '{ "patient": "^(P\\\\d+)_" }' },
    ]);
  });
});

describe('explainRules', () => {
  it('begins with the code, its severity and title, and has the three sections in order', () => {
    const lines = explainRules('d006').split('\n');
    expect(lines[0]).toBe('D006 (warning): The same image is twice in a split');
    const headings = ['What it compares', 'Why it matters', 'How to mend it'];
    expect(lines.filter((line) => headings.includes(line))).toEqual(headings);
    for (const heading of headings) expect(lines[lines.indexOf(heading) + 1]).toMatch(/^ {2}\S/);
    expect(lines.at(-1)).toBe('    $ maskaudit audit DATASET --select D006 --format ndjson');
  });

  it.each([40, 80, 120])('keeps to %i columns but for commands and configuration', (width) => {
    for (const line of explainRules('ALL', width).split('\n')) {
      if (!/^ {4}[${]/.test(line)) expect(line.length).toBeLessThanOrEqual(width);
    }
  });

  it('loses no word to the wrapping', () => {
    const words = (text: string) => text.replaceAll('`', '').split(/\s+/).filter(Boolean);
    const page = rulePage('M001');
    expect(words(explainRules('M001', 50)).slice(-words(page.fix).length)).toEqual(words(page.fix));
  });

  it('gives all pages that begin so', () => {
    expect(explainRules('B').match(/^B00\d \(/gm)).toEqual(['B001 (', 'B002 (', 'B003 (']);
    expect(() => explainRules('L010')).toThrow(UsageError);
    expect(() => rulePage('B')).toThrow('B is the beginning of several rules: B001, B002, B003');
  });
});

describe('listRules', () => {
  it('has a line for each rule, cut to the width', () => {
    const lines = listRules(40).split('\n');
    expect(lines).toHaveLength(RULE_PAGES.size);
    expect(lines[0]).toBe('D001  error    An image has no mask');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
    expect(lines.some((line) => line.endsWith('...'))).toBe(true);
  });

  it('needs no cut at 80 columns', () => {
    expect(listRules(80)).not.toContain('...');
  });
});
