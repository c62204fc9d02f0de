import { describe, expect, it } from 'vitest';
import { GLYPH_HEIGHT, GLYPH_WIDTH, glyphBit } from '../../../src/pipeline/overlays/bitmap-font.js';
import { canvas, drawText, fillRect, textWidth } from '../../../src/pipeline/overlays/canvas.js';
import { panelGrid, reduceLabels, reduceMean } from '../../../src/pipeline/overlays/grid.js';
import { fitted, outcomeLines } from '../../../src/pipeline/overlays/legend.js';
import {
  classColour,
  classColours,
  DIFFERENCES,
  differenceColours,
  hex,
  OKABE_ITO,
  type Rgb,
} from '../../../src/pipeline/overlays/palette.js';
import { covers, drawImage, drawLabels, enlarge } from '../../../src/pipeline/overlays/panel.js';

const glyph = (character: string) =>
  Array.from({ length: GLYPH_HEIGHT }, (_, row) =>
    Array.from({ length: GLYPH_WIDTH }, (_, column) => (glyphBit(character, column, row) ? '#' : '.')).join(''),
  );

describe('the font', () => {
  it('draws upright letters with tails below the line', () => {
    expect(glyph('R')).toEqual(['####.', '#...#', '#...#', '####.', '#.#..', '#..#.', '#...#', '.....']);
    expect(glyph('g')).toEqual(['.....', '.....', '.####', '#...#', '#...#', '.####', '....#', '.###.']);
  });

  it('has a different picture for each printable character, all but the space with ink', () => {
    const characters = Array.from({ length: 95 }, (_, i) => String.fromCharCode(0x20 + i));
    const pictures = characters.map((character) => glyph(character).join('/'));
    expect(new Set(pictures).size).toBe(95);
    expect(pictures.filter((picture) => !picture.includes('#'))).toHaveLength(1);
  });

  it.each(['肺', 'é', '\n', '\u007f', '🫁', '\u0000'])('shows %j as a question mark', (character) => {
    expect(glyph(character)).toEqual(glyph('?'));
  });
});

describe('canvas', () => {
  const WHITE: Rgb = [255, 255, 255];
  const ink = ({ width, height, data }: { width: number; height: number; data: Uint8Array }) =>
    Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_, x) => (data[(y * width + x) * 3] === 255 ? '#' : '.')).join(''),
    );

  it('cuts what lies outside', () => {
    const target = canvas(3, 2, [0, 0, 0]);
    fillRect(target, -5, 1, 7, 9, WHITE);
    expect(ink(target)).toEqual(['...', '##.']);
    drawText(target, -2, -3, 'ABC', WHITE, 3);
    expect(target.data).toHaveLength(18);
  });

  it('writes characters at their pitch and scale', () => {
    const target = canvas(textWidth('.!', 2), GLYPH_HEIGHT * 2, [0, 0, 0]);
    expect(target.width).toBe(22);
    drawText(target, 0, 0, '.!', WHITE, 2);
    expect(ink(target)[0]).toBe('................##....');
    expect(ink(target)[10]).toBe('..####................');
    expect(textWidth('', 2)).toBe(0);
  });
});

describe('panelGrid', () => {
  it.each([
    [256, 256, 512, 512],
    [257, 100, 257, 100],
    [200, 256, 400, 512],
    [8, 8, 128, 128], // 16 times and no more
    [1, 1, 16, 16],
    [1024, 700, 1024, 700],
    [1025, 700, 513, 350],
    [4000, 3000, 1000, 750],
  ])('%i x %i becomes %i x %i', (width, height, panelWidth, panelHeight) => {
    const grid = panelGrid(width, height);
    expect([grid.width, grid.height]).toEqual([panelWidth, panelHeight]);
  });
});

it('reducing an image takes the mean of each block, the last ones smaller', () => {
  expect([...reduceMean(Uint8Array.of(0, 10, 20, 30, 40, 50, 60, 70, 81), 3, 3, 1, 2)]).toEqual([20, 35, 65, 81]);
  expect([...reduceMean(Uint8Array.of(0, 100, 200, 10, 110, 210), 2, 1, 3, 2)]).toEqual([5, 105, 205]);
});

it('reducing labels keeps the one that ranks highest, however small', () => {
  const labels = Uint8Array.of(1, 1, 0, 0, 1, 2, 0, 0, 3, 3, 0, 1, 3, 3, 0, 0);
  expect([...reduceLabels(labels, 4, 4, 2, (label) => (label === 2 ? 9 : label))]).toEqual([2, 0, 3, 1]);
});

it('enlarging repeats values in both directions', () => {
  const grid = { width: 4, height: 2, enlarge: 2, reduce: 1 };
  expect([...enlarge(Uint8Array.of(1, 2), grid, 1)]).toEqual([1, 1, 2, 2, 1, 1, 2, 2]);
  const one = { width: 2, height: 2, enlarge: 2, reduce: 1 };
  expect([...enlarge(Uint8Array.of(1, 2, 3), one, 3)]).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
});

describe('a panel', () => {
  const grid = { width: 5, height: 5, enlarge: 1, reduce: 1 };
  const red = (target: { data: Uint8Array }) => Array.from({ length: 25 }, (_, i) => target.data[i * 3]);

  it('has a solid outline inside each region, a fill that lets the image through, and no border at its edge', () => {
    const target = canvas(5, 5, [0, 0, 0]);
    drawImage(target, 0, 0, grid, new Uint8Array(25).fill(100));
    // a region of 4 x 4 in the upper left corner
    const labels = Uint8Array.from({ length: 25 }, (_, i) => (i % 5 < 4 && i < 20 ? 1 : 0));
    const style = { colour: [200, 200, 200] as const, fill: 0.5, outline: 1, texture: 'solid' as const };
    drawLabels(target, 0, 0, grid, labels, [null, style], 1);
    expect(red(target)).toEqual(
      [
        [150, 150, 150, 200, 100],
        [150, 150, 150, 200, 100],
        [150, 150, 150, 200, 100],
        [200, 200, 200, 200, 100],
        [100, 100, 100, 100, 100],
      ].flat(),
    );
  });

  it('a region that does not touch the edge has an outline all around', () => {
    const target = canvas(5, 5, [0, 0, 0]);
    const labels = Uint8Array.from({ length: 25 }, (_, i) => (i % 5 > 0 && i % 5 < 4 && i > 4 && i < 20 ? 1 : 0));
    const style = { colour: [200, 200, 200] as const, fill: 0.5, outline: 1, texture: 'solid' as const };
    drawLabels(target, 0, 0, grid, labels, [null, style], 1);
    expect(red(target)).toEqual(
      [
        [0, 0, 0, 0, 0],
        [0, 200, 200, 200, 0],
        [0, 200, 100, 200, 0],
        [0, 200, 200, 200, 0],
        [0, 0, 0, 0, 0],
      ].flat(),
    );
  });

  it('leaves labels alone that no class has, such as an ignore index', () => {
    const target = canvas(5, 5, [7, 7, 7]);
    drawLabels(target, 0, 0, grid, new Uint8Array(25).fill(255), [null], 1);
    expect(new Set(target.data)).toEqual(new Set([7]));
  });

  it('shows RGB as it is and gray where there is no image', () => {
    const target = canvas(5, 5, [0, 0, 0]);
    drawImage(
      target,
      0,
      0,
      grid,
      Uint8Array.from({ length: 75 }, (_, i) => i),
    );
    expect([...target.data]).toEqual(Array.from({ length: 75 }, (_, i) => i));
    drawImage(target, 0, 0, grid, null);
    expect(new Set(target.data)).toEqual(new Set([64]));
  });

  it('textures cover half and a quarter', () => {
    const covered = (texture: 'solid' | 'stripes' | 'dots') => {
      let n = 0;
      for (let y = 0; y < 60; y++) for (let x = 0; x < 60; x++) n += covers(texture, x, y) ? 1 : 0;
      return n / 3600;
    };
    expect([covered('solid'), covered('stripes'), covered('dots')]).toEqual([1, 0.5, 0.25]);
  });
});

describe('the palette', () => {
  it("is Okabe and Ito's", () => {
    // The hexadecimal values as the palette is usually quoted.
    expect(Object.values(OKABE_ITO).map(hex)).toEqual(
      ['#000000', '#E69F00', '#56B4E9', '#009E73', '#F0E442', '#0072B2', '#D55E00', '#CC79A7'].map((x) =>
        x.toLowerCase(),
      ),
    );
  });

  it('gives the first classes and the differences colours of their own', () => {
    expect(new Set(classColours.map(hex)).size).toBe(7);
    expect(new Set(DIFFERENCES.map((name) => hex(differenceColours[name]))).size).toBe(DIFFERENCES.length);
    expect(classColour(8)).toEqual(classColour(1));
    const classesOfTheDataset = [1, 2, 3].map((index) => hex(classColour(index)));
    for (const name of DIFFERENCES) expect(classesOfTheDataset).not.toContain(hex(differenceColours[name]));
  });
});

describe('the words under a picture', () => {
  const counts = (tp: number, fp: number, fn: number, outcome: 'hit' | 'miss' | 'empty' | 'false_alarm') => ({
    outcome,
    tp,
    fp,
    fn,
    iou: tp + fp + fn === 0 ? null : tp / (tp + fp + fn),
  });

  it('say what became of each class that is there', () => {
    expect(
      outcomeLines([
        { name: 'COVID-19', counts: counts(0, 0, 412, 'miss') },
        { name: 'lung', counts: counts(0, 0, 0, 'empty') },
        { name: 'non-COVID', counts: counts(0, 30, 0, 'false_alarm') },
      ]),
    ).toEqual([
      'COVID-19: miss, IoU 0.0000 (0 px hit, 412 px missed, 0 px false alarm)',
      'non-COVID: false alarm, IoU 0.0000 (0 px hit, 0 px missed, 30 px false alarm)',
    ]);
  });

  it('say that nothing is there, or that nothing was compared', () => {
    expect(outcomeLines([{ name: 'a', counts: counts(0, 0, 0, 'empty') }])).toEqual(['a: in neither mask']);
    expect(
      outcomeLines([
        { name: 'a', counts: null },
        { name: 'b', counts: null },
      ]),
    ).toEqual(['a, b: unscored']);
    expect(outcomeLines([])).toEqual([]);
  });

  it('are five lines at most', () => {
    const many = Array.from({ length: 9 }, (_, i) => ({ name: `c${i}`, counts: counts(1, 0, 0, 'hit') }));
    expect(outcomeLines(many)).toHaveLength(5);
    expect(outcomeLines(many)[4]).toBe('+ 5 more classes');
  });

  it('are cut to the width', () => {
    expect(fitted('abcdef', textWidth('abcdef', 2))).toBe('abcdef');
    expect(fitted('abcdef', textWidth('abcdef', 2) - 1)).toBe('abc..');
  });
});
