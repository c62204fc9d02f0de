import { describe, expect, it } from 'vitest';
import { createImageTable } from '../../../src/ui/screen/image-table.js';
import { createTheme } from '../../../src/ui/screen/theme.js';
import { drawImage, type ImageScene } from '../../../src/ui/screen/views/image.js';
import { madeFinding, madeHeader, madeRecord } from './made-run.js';

const theme = createTheme({ colours: 0, unicode: false, styles: false });

/** An image of so many classes beside background, class `n` with 10 n pixels, and as many findings as are asked for. */
function scene(classes: number, findings: number, given: Partial<ImageScene> = {}): ImageScene {
  const truth = Array.from({ length: classes + 1 }, (_, index) => index * 10);
  const record = madeRecord('a', [0, 0, 0], { truth, confusion: null });
  const images = createImageTable(truth.slice(1).map((_, i) => ({ index: i + 1, key: `organ-${i + 1}` })));
  images.append([record]);
  const messages = Array.from({ length: findings }, (_, i) => madeFinding({ message: `message ${i}` }));
  return {
    theme,
    images,
    subject: { command: 'show', dataset: '', work: '', scores: false, titles: {} },
    header: madeHeader(),
    open: { row: 0, view: null, findings: messages, fault: 'no pixels' },
    focus: 0,
    layer: 'truth',
    zoomed: false,
    finding: 0,
    ...given,
  };
}

const figures = (lines: readonly string[]) => lines.flatMap((line) => line.match(/organ-\d+ +\d+/g) ?? []);

describe('an image', () => {
  it('shows every class where they are few', () => {
    const lines = drawImage(scene(8, 1), 80, 24);
    expect(figures(lines)).toHaveLength(8);
    expect(lines.join('\n')).not.toContain('more classes');
  });

  it('of many classes shows the one in focus and the largest, and leaves room for findings', () => {
    const lines = drawImage(scene(16, 1, { focus: 2 }), 80, 24);
    expect(figures(lines).map((text) => text.split(/ +/)[0])).toEqual([
      'organ-3',
      'organ-16',
      'organ-15',
      'organ-14',
      'organ-13',
      'organ-12',
      'organ-11',
    ]);
    expect(lines.join('\n')).toContain('+ 9 more classes with fewer pixels here');
    expect(lines.join('\n')).toContain('message 0');
  });

  it('cuts a long name before a figure', () => {
    const long = scene(2, 0);
    const classes = [{ index: 1, key: 'an-organ-with-a-long-name-1' }];
    const images = createImageTable(classes);
    images.append([madeRecord('a', [0, 0, 0], { truth: [0, 1234567, 0], confusion: null })]);
    expect(drawImage({ ...long, images }, 24, 30)).toContainEqual(expect.stringMatching(/an-organ.* 1,234,567$/));
  });

  it('keeps the chosen finding in sight', () => {
    const text = (finding: number) => drawImage(scene(2, 40, { finding }), 80, 24).join('\n');
    expect(text(0)).not.toContain('above');
    expect(text(30)).toContain('> P001 error: message 30');
    expect(text(30)).toContain('+ 28 above');
    expect(text(30)).not.toContain('message 27');
  });
});
