import { describe, expect, it } from 'vitest';
import { undeclaredValue } from '../../../src/pipeline/checks/l001-undeclared-value.js';
import { interpolatedMask } from '../../../src/pipeline/checks/l002-interpolated-mask.js';
import { lostClass, lostClassInSet } from '../../../src/pipeline/checks/l003-lost-class.js';
import { emptyPositive } from '../../../src/pipeline/checks/l004-empty-positive.js';
import { annotatedNegative } from '../../../src/pipeline/checks/l005-annotated-negative.js';
import { infectionOutside } from '../../../src/pipeline/checks/l006-infection-outside.js';
import { implausibleLung } from '../../../src/pipeline/checks/l007-implausible-lung.js';
import { specks } from '../../../src/pipeline/checks/l008-specks.js';
import { paintedLung } from '../../../src/pipeline/checks/l009-painted-lung.js';
import type { MaskEncoding } from '../../../src/pipeline/dataset/dataset.js';
import type { StructureFacts } from '../../../src/pipeline/facts.js';
import { facts, file, judged, labels, limits, lungs, mask, record, sample, xrays } from './given.js';

/** A lung mask with these values in a dataset of this encoding, and nothing else. */
function lungOf(counts: Record<number, number>, maskEncoding: MaskEncoding = 'auto') {
  const dataset = xrays({ maskEncoding });
  return facts({ dataset, files: { lung: mask('lung', counts, dataset) }, lung: lungs() });
}

function labelOf(counts: Record<number, number>, dataset = labels(['cell', 'nucleus'])) {
  return facts({ dataset, files: { label: mask('label', counts, dataset) }, sample: sample({ source: '' }) });
}

/** Values from, to with `count` pixels each. */
function ramp(from: number, to: number, step: number, count: number): Record<number, number> {
  const counts: Record<number, number> = {};
  for (let value = from; value <= to; value += step) counts[value] = count;
  return counts;
}

describe('L001 value outside of the declared set', () => {
  it('reads 0/1 as 0/1 under auto, and says so', () => {
    expect(undeclaredValue.check(lungOf({ 1: 1234 }))).toEqual([
      {
        rule: 'L001',
        class: 'lung',
        value: 1234,
        message: 'lung mask: value 1 in 1,234 pixels and no 255: read as 0/1',
        path: 'lung.png',
      },
    ]);
  });

  it('counts what a stated 0-255 does not have', () => {
    expect(undeclaredValue.check(lungOf({ 1: 1234 }, '0-255'))).toMatchObject([
      {
        value: 1234,
        message:
          'lung mask: value 1 (1,234 pixels) outside of the stated 0/255; 0 of 1,234 non-zero pixels read as on (0-1 would fit)',
      },
    ]);
    expect(undeclaredValue.check(lungOf({ 127: 10, 255: 90 }, '0-255'))).toMatchObject([
      {
        value: 10,
        message:
          'lung mask: value 127 (10 pixels) outside of the stated 0/255; 90 of 100 non-zero pixels read as on (threshold:128 would fit)',
      },
    ]);
  });

  it('counts what a stated 0-1 does not have', () => {
    expect(undeclaredValue.check(lungOf({ 1: 7, 255: 100 }, '0-1'))).toMatchObject([
      {
        value: 100,
        message:
          'lung mask: value 255 (100 pixels) outside of the stated 0/1; 7 of 107 non-zero pixels read as on (threshold:128 would fit)',
      },
    ]);
  });

  it('names label values that are no class, the most frequent first', () => {
    const dataset = labels(['cell', 'nucleus'], { ignoreIndex: 255 });
    expect(undeclaredValue.check(labelOf({ 1: 50, 3: 4, 9: 1200, 255: 7 }, dataset))).toEqual([
      {
        rule: 'L001',
        class: '',
        value: 1204,
        message:
          'label mask: values 9 (1,200 pixels) and 3 (4 pixels) outside of the classes 0..2 and not the ignore index 255',
        path: 'label.png',
      },
    ]);
    expect([...undeclaredValue.check(labelOf({ ...ramp(10, 60, 10, 1), 3: 4 }))][0].message).toBe(
      'label mask: values 3 (4 pixels), 10 (1 pixel), 20 (1 pixel), 30 (1 pixel) and 3 more outside of the classes 0..2',
    );
  });

  it.each([
    ['a clean mask', lungOf({ 255: 3000 })],
    ['an empty mask', lungOf({})],
    ['grays under auto', lungOf({ 255: 3000, ...ramp(10, 250, 10, 3) })],
    ['a stray gray under auto', lungOf({ 1: 5, 255: 3000 })],
    ['interpolated grays under a stated 0-255', lungOf({ 255: 3000, ...ramp(10, 250, 10, 3) }, '0-255')],
    ['0/1 as stated', lungOf({ 1: 3000 }, '0-1')],
    ['any value under nonzero', lungOf({ 1: 3, 7: 3000 }, 'nonzero')],
    ['any value under a threshold', lungOf({ 1: 3, 7: 3000 }, 'threshold:5')],
    ['any value under equals', lungOf({ 1: 3, 7: 3000 }, 'equals:7')],
    ['declared labels and the ignored one', labelOf({ 1: 5, 2: 6, 254: 7 }, labels(['a', 'b'], { ignoreIndex: 254 }))],
  ])('is silent about %s', (_, given) => {
    expect(undeclaredValue.check(given)).toEqual([]);
  });
});

describe('L002 grays in a 0/255 mask', () => {
  it('knows interpolated edges', () => {
    expect(interpolatedMask.check(lungOf({ 255: 3000, ...ramp(10, 250, 10, 4) }))).toEqual([
      {
        rule: 'L002',
        class: 'lung',
        value: 100,
        message:
          'lung mask: 100 pixels (1 %) in 25 grays between 0 and 255; looks like a resize that was not nearest neighbour; ' +
          'cut at 128; export it again with nearest neighbour or state maskEncoding threshold:128',
        path: 'lung.png',
      },
    ]);
  });

  it.each([
    ["a JPEG's ringing", { 255: 2000, ...ramp(1, 12, 1, 30), ...ramp(243, 254, 1, 40), 128: 20 }],
    ['a soft or probability map', ramp(10, 250, 10, 100)],
    ['a soft or probability map', ramp(10, 200, 10, 10)],
    ['label codes in place of 0/255', { 1: 100, 2: 200, 3: 50 }],
    ['a code of its own', { 255: 2000, 127: 400 }],
    ['a code of its own', { 255: 2000, 60: 40, 127: 400 }],
    ['a resize that was not nearest neighbour', { 255: 2000, 64: 40, 128: 40, 191: 40 }],
  ])('knows %s', (looks, counts) => {
    expect([...interpolatedMask.check(lungOf(counts))][0].message).toContain(`looks like ${looks};`);
  });

  it('names codes with their pixels', () => {
    expect([...interpolatedMask.check(lungOf({ 2: 200, 3: 50 }))][0].message).toBe(
      'lung mask: values 2 (200 pixels) and 3 (50 pixels), 2.5 %, in a 0/255 mask; looks like label codes in place of 0/255; ' +
        'cut at 128; state maskEncoding nonzero or equals:N',
    );
  });

  it('adds that the mask looks inverted, from half of the border on', () => {
    const given = (border: number) => ({ ...lungOf({ 255: 7000, ...ramp(10, 250, 10, 4) }), lung: lungs({ border }) });
    const words = 'a resize that was not nearest neighbour and an inverted mask (on along the border);';
    expect([...interpolatedMask.check(given(199))][0].message).toContain(words);
    expect([...interpolatedMask.check(given(198))][0].message).not.toContain('inverted');
  });

  it('is about the infection mask, too, and names its class by the source', () => {
    const infection = mask('infection', { 255: 300, ...ramp(10, 250, 10, 4) });
    const given = (source: string) => facts({ files: { infection }, sample: sample({ source }) });
    expect([...interpolatedMask.check(given('COVID-19'))][0].class).toBe('covid');
    expect([...interpolatedMask.check(given('Non-COVID'))][0].class).toBe('non-covid');
    expect([...interpolatedMask.check(given('Normal'))][0].class).toBe('');
  });

  it.each([
    ['a clean mask', lungOf({ 255: 3000 })],
    ['0/1 (L001)', lungOf({ 1: 3000 })],
    ['codes under a stated 0-255 (L001)', lungOf({ 1: 3000 }, '0-255')],
    ['a stray value under a stated 0-255 (L001)', lungOf({ 127: 3, 255: 3000 }, '0-255')],
    ['grays under a stated threshold', lungOf({ 255: 3000, ...ramp(10, 250, 10, 4) }, 'threshold:128')],
    ['grays under nonzero', lungOf({ 255: 3000, ...ramp(10, 250, 10, 4) }, 'nonzero')],
    ['label masks', labelOf({ 1: 5, 77: 6 })],
  ])('is silent about %s', (_, given) => {
    expect(interpolatedMask.check(given)).toEqual([]);
  });

  it.each(['auto', '0-255', '0-1', 'nonzero', 'threshold:9', 'equals:1'] as const)(
    'is never given beside L001, under %s',
    (encoding) => {
      const masks = [
        { 1: 9 },
        { 255: 9 },
        { 1: 3, 255: 9 },
        { 2: 5 },
        ramp(10, 250, 10, 4),
        { 255: 9, ...ramp(10, 250, 10, 4) },
      ];
      for (const counts of masks) {
        const given = lungOf(counts, encoding);
        expect([...undeclaredValue.check(given), ...interpolatedMask.check(given)].length).toBeLessThan(2);
      }
    },
  );
});

describe('L003 lost class, image by image', () => {
  it('shows raw and encoded pixels and the encoding that would keep them', () => {
    expect(lostClass.check(lungOf({ 1: 1234 }, '0-255'))).toEqual([
      {
        rule: 'L003',
        class: 'lung',
        value: 1234,
        message: 'lung mask: 1,234 pixels raw, 0 encoded as 0-255; maskEncoding 0-1 would keep them',
        path: 'lung.png',
      },
    ]);
    expect([...lostClass.check(lungOf({ 255: 3000 }, 'equals:1'))][0].message).toBe(
      'lung mask: 3,000 pixels raw, 0 encoded as equals:1; maskEncoding 0-255 would keep them',
    );
    expect([...lostClass.check(lungOf({ 2: 30, 3: 1 }))][0].message).toBe(
      'lung mask: 31 pixels raw, 0 encoded as threshold:128; maskEncoding nonzero would keep them',
    );
  });

  it('is about a two-class label mask that was saved as 0/255', () => {
    const dataset = labels(['cell']);
    expect([...lostClass.check(labelOf({ 255: 400 }, dataset))]).toMatchObject([
      {
        class: 'cell',
        value: 400,
        message: 'label mask: 400 pixels raw, 0 encoded as index; class 1 is to be written as value 1',
      },
    ]);
    expect(lostClass.check(labelOf({ 255: 400 }, labels(['cell'], { ignoreIndex: 255 })))).toEqual([]);
    expect(lostClass.check(labelOf({ 1: 1, 255: 400 }, dataset))).toEqual([]);
    expect(lostClass.check(labelOf({ 255: 400 }))).toEqual([]);
  });

  it.each([
    ['a clean mask', facts()],
    ['an empty mask', lungOf({})],
    ['a mask of which one pixel is left', lungOf({ 1: 500, 255: 1 }, '0-255')],
    ['a file that was not read', facts({ files: { lung: file('lung', { state: 'unreadable' }) } })],
  ])('is silent about %s', (_, given) => {
    expect(lostClass.check(given)).toEqual([]);
  });
});

describe('L003 lost class, over the set', () => {
  const lost = (image: string) => record({ image, truth: [7500, 2500, 0, 0], rawTruth: [7000, 2500, 500, 0] });

  it('gives the totals once where every image of a class loses it', () => {
    expect(judged(lostClassInSet, [lost('a'), lost('b'), record({ truth: [8000, 2000, 0, 0] })])).toEqual([
      {
        rule: 'L003',
        class: 'covid',
        value: 1000,
        message: 'covid is lost in all 2 images that have it, when the masks are encoded: 1,000 pixels raw, 0 encoded',
      },
    ]);
  });

  it('tells lost lesions before the lung that they lie in', () => {
    const all = record({ truth: [10_000, 0, 0, 0], rawTruth: [7000, 2000, 500, 500] });
    expect(judged(lostClassInSet, [all]).map((report) => report.class)).toEqual(['covid', 'non-covid', 'lung']);
  });

  it('names the images that lose it in the resize, and the whole where all do', () => {
    const scored = (image: string, kept: number) =>
      record({ image, status: 'scored', truth: [9990, 0, 10, 0], modelTruth: [100 - kept, 0, kept, 0] });
    expect(judged(lostClassInSet, [scored('a', 0), scored('b', 1)])).toEqual([
      {
        rule: 'L003',
        image: 'a',
        split: 'train',
        source: 'COVID-19',
        class: 'covid',
        value: 10,
        message: "covid: 10 pixels raw, 10 encoded, 0 resized to the model's input",
        path: 'infection.png',
      },
    ]);
    const all = judged(lostClassInSet, [scored('a', 0), scored('b', 0)]);
    expect(all.map(({ image }) => image)).toEqual([undefined, 'a', 'b']);
    expect(all[0].message).toBe(
      "covid is lost in all 2 images that have it, in the resize to the model's input: " +
        "20 pixels raw, 20 encoded, 0 resized to the model's input, 0 in the batch",
    );
  });

  it('is silent where one image keeps it, where it never was, and without annotation', () => {
    expect(judged(lostClassInSet, [lost('a'), record()])).toEqual([]);
    expect(judged(lostClassInSet, [record({ truth: null })])).toEqual([]);
    expect(judged(lostClassInSet, [])).toEqual([]);
  });
});

describe('L004 empty where positive, L005 annotated where negative', () => {
  const empty = { infection: mask('infection', {}) };

  it('L004 is about read, empty masks of COVID-19 images', () => {
    expect(emptyPositive.check(facts({ files: empty }))).toEqual([
      {
        rule: 'L004',
        class: 'covid',
        value: 0,
        message: 'infection mask is empty (0 of 10,000 pixels) and the source is COVID-19',
        path: 'infection.png',
      },
    ]);
  });

  it('L004 is silent about one pixel, other sources, lost and unread masks', () => {
    expect(emptyPositive.check(facts({ files: { infection: mask('infection', { 255: 1 }) } }))).toEqual([]);
    expect(emptyPositive.check(facts({ files: empty, sample: sample({ source: 'Normal' }) }))).toEqual([]);
    expect(emptyPositive.check(facts({ files: empty, sample: sample({ source: 'Non-COVID' }) }))).toEqual([]);
    const lost = mask('infection', { 1: 40 }, xrays({ maskEncoding: '0-255' }));
    expect(emptyPositive.check(facts({ files: { infection: lost } }))).toEqual([]);
    expect(emptyPositive.check(facts({ files: { infection: file('infection', { state: 'unreadable' }) } }))).toEqual(
      [],
    );
    expect(emptyPositive.check(facts({ files: {} }))).toEqual([]);
  });

  it('L005 is about Normal images with infection', () => {
    const given = (source: string, infectionPixels: number | null) =>
      facts({ sample: sample({ source }), infectionPixels, files: { infection: mask('infection', { 255: 1500 }) } });
    expect(annotatedNegative.check(given('Normal', 1500))).toEqual([
      {
        rule: 'L005',
        value: 1500,
        message: '1,500 infection pixels in an image of the source Normal',
        path: 'infection.png',
      },
    ]);
    expect([...annotatedNegative.check(given('Normal', 1))][0].message).toBe(
      '1 infection pixel in an image of the source Normal',
    );
    expect(annotatedNegative.check(given('Normal', 0))).toEqual([]);
    expect(annotatedNegative.check(given('Normal', null))).toEqual([]);
    expect(annotatedNegative.check(given('Non-COVID', 1500))).toEqual([]);
  });
});

describe('L006 infection outside of the lungs', () => {
  it('fires above the threshold, not at it', () => {
    const given = (outside: number) => facts({ truthOutside: [0, 0, outside, 0], infectionPixels: 500 });
    expect(infectionOutside.check(given(6))).toEqual([
      {
        rule: 'L006',
        class: 'covid',
        value: 0.012,
        message: '6 of 500 infection pixels (1.2 %) lie outside of the lung mask',
        path: 'infection.png',
        relatedPath: 'lung.png',
      },
    ]);
    expect(infectionOutside.check(given(5))).toEqual([]);
    const strict = xrays({ thresholds: limits({ outsideShare: 0 }) });
    expect(infectionOutside.check({ ...given(0), dataset: strict })).toEqual([]);
  });

  it('is silent without lung mask, without infection and in other layouts', () => {
    expect(infectionOutside.check(facts({ truthOutside: null }))).toEqual([]);
    expect(infectionOutside.check(facts({ truthOutside: [0, 0, 0, 0], infectionPixels: 0 }))).toEqual([]);
    const dataset = labels(['a', 'b']);
    expect(infectionOutside.check(facts({ dataset, truthOutside: [0, 0, 400], infectionPixels: 500 }))).toEqual([]);
  });
});

describe('L007 implausible lung mask', () => {
  const found = (changes: Parameters<typeof lungs>[0]) => [...implausibleLung.check(facts({ lung: lungs(changes) }))];

  it.each([
    [{ pixels: 0, left: 0, right: 0 }, 0, 'no lung: the lung mask is empty'],
    [{ border: 199 }, 199 / 396, 'inverted: 199 of 396 border pixels are lung'],
    [{ pixels: 9001 }, 0.9001, 'nearly all of the image is lung: 90.01 %, above 90 %'],
    [{ pixels: 199, left: 100, right: 99 }, 0.0199, 'hardly any lung: 1.99 % of the image, below 2 %'],
    [{ left: 149, right: 2851 }, 149 / 3000, "one lung: the image's left half holds 4.97 % of the lung pixels"],
    [{ left: 3000, right: 0 }, 0, "one lung: the image's right half holds 0 % of the lung pixels"],
  ])('says which it is: %o', (changes, value, message) => {
    expect(found(changes)).toEqual([{ rule: 'L007', class: 'lung', value, message, path: 'lung.png' }]);
  });

  it.each([
    {},
    { border: 198 },
    { pixels: 9000, left: 4500, right: 4500 },
    { pixels: 200, left: 100, right: 100 },
    { left: 150, right: 2850 },
  ])('is silent at the limits: %o', (changes) => {
    expect(found(changes)).toEqual([]);
  });

  it('leaves a lung that the encoding lost to L003', () => {
    const dataset = xrays({ maskEncoding: '0-255' });
    const files = { lung: mask('lung', { 1: 3000 }, dataset) };
    expect(implausibleLung.check(facts({ dataset, files, lung: lungs({ pixels: 0, left: 0, right: 0 }) }))).toEqual([]);
    expect(implausibleLung.check(facts({ lung: null }))).toEqual([]);
  });
});

describe('L008 specks and holes', () => {
  const structure = (changes: Partial<StructureFacts>): StructureFacts => ({
    role: 'infection',
    class: 'covid',
    path: 'infection.png',
    components: 4,
    specks: 0,
    speckPixels: 0,
    holes: 0,
    holePixels: 0,
    ...changes,
  });

  it('counts both, mask by mask', () => {
    const structures = [
      structure({ specks: 3, speckPixels: 12, holes: 1, holePixels: 1 }),
      structure({ role: 'lung', class: 'lung', path: 'lung.png', holes: 2, holePixels: 8 }),
    ];
    expect(specks.check(facts({ structures }))).toEqual([
      {
        rule: 'L008',
        class: 'covid',
        value: 4,
        message: '3 specks (12 pixels) and 1 hole (1 pixel) of at most 9 pixels in the mask of covid',
        path: 'infection.png',
      },
      {
        rule: 'L008',
        class: 'lung',
        value: 2,
        message: '2 holes (8 pixels) of at most 9 pixels in the mask of lung',
        path: 'lung.png',
      },
    ]);
  });

  it('is silent about components that are no specks', () => {
    expect(specks.check(facts({ structures: [structure({ components: 40 })] }))).toEqual([]);
  });
});

describe('L009 a class that is the whole lung', () => {
  const painted = record({ source: 'Non-COVID', truth: [7000, 0, 0, 3000] });
  const drawn = record({ source: 'Non-COVID', truth: [7000, 2000, 0, 1000] });

  it('is information where the layout paints the class', () => {
    expect(judged(paintedLung, [painted, record(), painted])).toEqual([
      {
        rule: 'L009',
        class: 'non-covid',
        value: 2,
        message:
          'non-covid is the whole lung in all 2 images that have it: its IoU measures lungs and classification, not lesions',
        severity: 'info',
      },
    ]);
  });

  it('is a warning where the masks themselves say so', () => {
    expect(judged(paintedLung, [painted, painted], xrays({ nonCovid: 'mask' }))[0].severity).toBeUndefined();
    const covid = record({ truth: [7000, 0, 3000, 0] });
    expect(judged(paintedLung, [covid, covid])).toMatchObject([{ class: 'covid', value: 2, severity: undefined }]);
  });

  it('is silent about one image, about one drawn lesion, and in other layouts', () => {
    expect(judged(paintedLung, [painted, record()])).toEqual([]);
    expect(judged(paintedLung, [painted, drawn, painted])).toEqual([]);
    expect(judged(paintedLung, [painted, painted], labels(['a', 'b', 'c']))).toEqual([]);
  });
});
