import { describe, expect, it } from 'vitest';
import { SPLITS } from '../../../src/pipeline/phantom/manifest.js';
import {
  apportion,
  idOf,
  layCells,
  type Plan,
  pathOf,
  placeOf,
  usualShares,
} from '../../../src/pipeline/phantom/plan.js';

const planOf = (
  images: number,
  prevalence: number | null = null,
  splits = SPLITS as readonly (typeof SPLITS)[number][],
): Plan => ({
  seed: 1,
  size: 64,
  images,
  cells: layCells(images, usualShares(splits, prevalence)),
  nonCovidMasks: false,
  extent: 'usual',
  shortcut: false,
  names: {},
});
const places = (plan: Plan) => Array.from({ length: plan.images }, (_, i) => placeOf(plan, i));

describe('the plan', () => {
  it("has the real infection set's counts at its size", () => {
    const counts = planOf(5826).cells.map(({ split, source, count }) => `${split} ${source} ${count}`);
    expect(counts).toEqual([
      ...['Train COVID-19 1864', 'Train Non-COVID 932', 'Train Normal 932'],
      ...['Val COVID-19 466', 'Val Non-COVID 233', 'Val Normal 233'],
      ...['Test COVID-19 583', 'Test Non-COVID 292', 'Test Normal 291'],
    ]);
  });

  it('has as many images as asked for, in the shares asked for', () => {
    for (const images of [1, 2, 17, 100, 999]) {
      for (const prevalence of [null, 0, 0.1, 1]) {
        const { cells } = planOf(images, prevalence);
        expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(images);
        const covid = cells.filter(({ source }) => source === 'COVID-19').reduce((sum, { count }) => sum + count, 0);
        expect(Math.abs(covid - images * (prevalence ?? 0.5))).toBeLessThanOrEqual(1.5);
      }
    }
    expect(new Set(planOf(30, null, ['Test']).cells.map(({ split }) => split))).toEqual(new Set(['Test']));
  });

  it('gives each image a name of its own, as the real set has them', () => {
    const all = places(planOf(500));
    expect(new Set(all.map(idOf)).size).toBe(500);
    expect(new Set(all.map(({ name }) => name)).size).toBe(500);
    const forms = {
      'COVID-19': /^(covid_\d+|sub-S\d{5}_ses-E\d{5}_run-1_bp-chest_vp-pa_dx)$/,
      'Non-COVID': /^[nN]on_COVID \(\d+\)$/,
      Normal: /^Normal \(\d+\)$/,
    };
    for (const { source, name } of all) expect(name).toMatch(forms[source]);
    expect(all.some(({ name }) => name.startsWith('Non_'))).toBe(true);
  });

  it('has patients with two sessions, and none in two splits', () => {
    const splitsOf = new Map<string, string[]>();
    for (const { name, split } of places(planOf(2000))) {
      const patient = /^sub-(S\d+)/.exec(name)?.[1];
      if (patient) splitsOf.set(patient, [...(splitsOf.get(patient) ?? []), split]);
    }
    expect(splitsOf.size).toBeGreaterThan(80);
    expect([...splitsOf.values()].some((splits) => splits.length === 2)).toBe(true);
    for (const splits of splitsOf.values()) expect(new Set(splits).size).toBe(1);
  });

  it('names files as the layout does', () => {
    const place = { split: 'Val', source: 'Non-COVID', name: 'non_COVID (3)' } as const;
    expect(pathOf(place, 'lung')).toBe('Infection Segmentation Data/Val/Non-COVID/lung masks/non_COVID (3).png');
    expect(idOf(place)).toBe('Infection Segmentation Data/Val/Non-COVID/images/non_COVID (3)');
  });
});

describe('apportion', () => {
  it('gives what is left to the largest remainders', () => {
    expect(apportion(10, [1, 1, 1])).toEqual([4, 3, 3]);
    expect(apportion(7, [5, 3, 1])).toEqual([4, 2, 1]);
    expect(apportion(3, [0, 0, 5])).toEqual([0, 0, 3]);
    expect(apportion(0, [1, 2])).toEqual([0, 0]);
  });
});
