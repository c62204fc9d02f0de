import { describe, expect, it } from 'vitest';
import { RULE_PAGES } from '../../../src/pipeline/checks/registry.js';
import {
  concernsClasses,
  failsOn,
  rulesOf,
  selectRules,
  severitiesByCode,
} from '../../../src/pipeline/checks/select.js';
import { UsageError } from '../../../src/pipeline/errors.js';

const codes = (select: string[] | null, ignore: string[]) => [
  ...new Set(selectRules(select, ignore).map(({ code }) => code)),
];

describe('selectRules', () => {
  it('takes all by default, and those that begin as asked', () => {
    expect(codes(null, [])).toEqual([...RULE_PAGES.keys()]);
    expect(codes(['all'], [])).toEqual([...RULE_PAGES.keys()]);
    expect(codes(['B', 'p00', 'l003'], [])).toEqual(
      'L003 B001 B002 B003 P001 P002 P003 P004 P005 P007 P008'.split(' '),
    );
  });

  it('keeps both parts of L003', () => {
    expect(selectRules(['L003'], []).map(({ scope }) => scope)).toEqual(['image', 'set']);
  });

  it('lets the more exact of two prefixes win, and ignore where they are equal', () => {
    expect(codes(['D'], ['D00'])).toEqual(['D010', 'D011']);
    expect(codes(['D007'], ['D'])).toEqual(['D007']);
    expect(codes(['P', 'P001'], ['P00'])).toEqual(['P001']);
    expect(codes(['P001'], ['P001'])).toEqual([]);
    expect(codes(null, ['D', 'L', 'M', 'P', 'T'])).toEqual(['B001', 'B002', 'B003']);
    expect(codes([], [])).toEqual([]);
  });

  it.each([
    [
      'P01',
      'unknown rule "P01"; did you mean P001? Rules are D001-D011, L001-L009, B001-B003, M001-M007, P001-P005, P007-P008 and T001-T005',
    ],
    ['l3', 'unknown rule "l3"; did you mean L003? Rules are '],
    ['P006', 'unknown rule "P006"; did you mean P005? Rules are '],
    ['D12', 'unknown rule "D12"; did you mean D011? Rules are '],
    ['PO01', 'unknown rule "PO01"; did you mean P001? Rules are '],
    ['X1', 'unknown rule "X1"; rules are '],
    ['', 'unknown rule ""; rules are '],
  ])('refuses %j', (prefix, message) => {
    expect(() => codes([prefix], [])).toThrow(UsageError);
    expect(() => codes(null, [prefix])).toThrow(message);
    expect(() => rulesOf(prefix)).toThrow(message);
  });
});

describe('severitiesByCode', () => {
  it('spreads prefixes over their rules, the longer one last', () => {
    expect(severitiesByCode({ B001: 'error', B: 'info' })).toEqual({ B001: 'error', B002: 'info', B003: 'info' });
    expect(severitiesByCode({})).toEqual({});
    expect(() => severitiesByCode({ Q: 'error' })).toThrow(UsageError);
  });
});

describe('failsOn', () => {
  const error = { rule: 'P001', severity: 'error' } as const;
  const warning = { rule: 'P002', severity: 'warning' } as const;
  const info = { rule: 'P005', severity: 'info' } as const;
  const which = (...values: string[]) => [error, warning, info].filter(failsOn(values)).map(({ rule }) => rule);

  it('takes a severity and what is graver', () => {
    expect(which('error')).toEqual(['P001']);
    expect(which('Warning')).toEqual(['P001', 'P002']);
    expect(which('info')).toEqual(['P001', 'P002', 'P005']);
  });

  it('takes rules and prefixes, whatever their severity', () => {
    expect(which('P005')).toEqual(['P005']);
    expect(which('p002', 'P005')).toEqual(['P002', 'P005']);
    expect(which('P')).toEqual(['P001', 'P002', 'P005']);
    expect(which('D', 'error')).toEqual(['P001']);
  });

  it('takes none', () => {
    expect(which('none')).toEqual([]);
    expect(which()).toEqual([]);
  });

  it('refuses what is neither', () => {
    expect(() => failsOn(['fatal'])).toThrow(UsageError);
  });
});

describe('concernsClasses', () => {
  it('keeps findings about these classes or none', () => {
    const keeps = concernsClasses(['covid']);
    expect(['covid', 'lung', ''].map((key) => keeps({ class: key }))).toEqual([true, false, true]);
  });
});
