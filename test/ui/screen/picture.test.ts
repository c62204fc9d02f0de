import { describe, expect, it } from 'vitest';
import { drawPicture } from '../../../src/ui/screen/picture/draw.js';
import { fitRegion, lesionRegion } from '../../../src/ui/screen/picture/frame.js';
import { classLetters, classOverlay, DIFFERENCE_OVERLAY } from '../../../src/ui/screen/picture/overlay.js';
import { sampleGray, sampleLabels } from '../../../src/ui/screen/picture/sample.js';
import { createTheme } from '../../../src/ui/screen/theme.js';
import { CLASSES } from './made-run.js';

const plain = createTheme({ colours: 0, unicode: true, styles: false });
const rich = createTheme({ colours: 16_777_216, unicode: true, styles: true });
const whole = (side: number) => ({ x: 0, y: 0, width: side, height: side });
const overlay = classOverlay(CLASSES, [2]);

describe('sampling', () => {
  // 0 10 | 20 30
  // 40 50 | 60 70   means of the four 2 x 2 blocks: 25, 45, 105, 125
  const image = Uint8Array.of(0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150);

  it('takes the mean of the pixels under a dot', () => {
    expect([...sampleGray(image, 4, whole(4), 2, 2)]).toEqual([25, 45, 105, 125]);
    expect([...sampleGray(image, 4, { x: 2, y: 2, width: 2, height: 2 }, 1, 1)]).toEqual([125]);
  });

  it('repeats pixels where there are more dots', () => {
    expect([...sampleGray(image, 4, { x: 0, y: 0, width: 2, height: 1 }, 4, 1)]).toEqual([0, 0, 10, 10]);
  });

  it('shows a region smaller than a dot', () => {
    const labels = new Uint8Array(16).fill(1);
    labels[5] = 2;
    expect([...sampleLabels(labels, 4, whole(4), { columns: 2, rows: 2, rank: overlay.rank })]).toEqual([2, 1, 1, 1]);
  });
});

describe('the part that is shown', () => {
  it('keeps its proportions', () => {
    expect(fitRegion(whole(256), 80, 38)).toEqual({ columns: 38, rows: 38 });
    expect(fitRegion({ x: 0, y: 0, width: 200, height: 100 }, 50, 50)).toEqual({ columns: 50, rows: 25 });
    expect(fitRegion({ x: 0, y: 0, width: 1000, height: 1 }, 20, 20)).toEqual({ columns: 20, rows: 1 });
  });

  it('is a square around the lesion of either map, inside the image', () => {
    const truth = new Uint8Array(100 * 100);
    const predicted = new Uint8Array(100 * 100);
    truth[50 * 100 + 40] = 2;
    predicted[53 * 100 + 79] = 2;
    // 40 columns by 4 rows: a side of 60, its middle at 60, 52.
    expect(lesionRegion([truth, predicted], { width: 100, height: 100 }, [2])).toEqual({
      x: 30,
      y: 22,
      width: 60,
      height: 60,
    });
    expect(lesionRegion([truth, null], { width: 100, height: 100 }, [2])).toEqual({
      x: 29,
      y: 39,
      width: 24,
      height: 24,
    });
    expect(lesionRegion([truth, predicted], { width: 100, height: 100 }, [1])).toBeNull();
  });

  it('stays inside where the lesion is at the edge', () => {
    const truth = new Uint8Array(30 * 10);
    truth[29] = 2;
    expect(lesionRegion([truth], { width: 30, height: 10 }, [2])).toEqual({ x: 6, y: 0, width: 24, height: 10 });
  });
});

describe('letters', () => {
  it('are of the class and no other', () => {
    expect(classLetters(CLASSES)).toEqual([' ', 'L', 'C']);
    const same = ['cat', 'car', 'cab'].map((key, i) => ({ index: i + 1, key, name: key, aliases: [] }));
    expect(classLetters([CLASSES[0], ...same])).toEqual([' ', 'C', 'A', 'B']);
  });
});

describe('a picture', () => {
  const image = Uint8Array.of(0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255);
  const labels = Uint8Array.of(0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2);
  const request = { image, labels, overlay, width: 4, region: whole(4) };

  it('is characters by their ink and letters by class where there are no colours', () => {
    expect(drawPicture(request, 4, 2, plain)).toEqual([' L@@', '  @C']);
  });

  it('is two dots a cell in true colour, the class colour mixed into the gray', () => {
    const [first, second] = drawPicture(request, 4, 2, rich);
    // Sky blue 86, 180, 233 at a quarter over black; no class over white.
    expect(first).toBe(
      '\u001b[38;2;0;0;0m\u001b[48;2;0;0;0m▀' +
        '\u001b[38;2;22;45;58m\u001b[48;2;22;45;58m▀' +
        '\u001b[38;2;255;255;255m\u001b[48;2;255;255;255m▀▀\u001b[0m',
    );
    // Orange 230, 159, 0 at 0.55 over white: 241.25, 202.2, 114.75.
    expect(second).toContain('\u001b[38;2;241;202;115m\u001b[48;2;241;202;115m▀');
  });

  it('is 256 colours where there are no more, and coloured ground without Unicode', () => {
    const some = createTheme({ colours: 256, unicode: true, styles: true });
    expect(drawPicture(request, 4, 2, some)[0]).toContain('\u001b[38;5;16m\u001b[48;5;16m▀');
    const ground = createTheme({ colours: 256, unicode: false, styles: true });
    expect(drawPicture(request, 4, 2, ground)[0]).toContain('\u001b[48;5;16m ');
  });

  it('names differences by letters: what went wrong over what went well', () => {
    const differences = Uint8Array.of(1, 1, 2, 2, 3, 3, 4, 4, 1, 2, 0, 0, 1, 1, 0, 0);
    const drawn = drawPicture({ ...request, labels: differences, overlay: DIFFERENCE_OVERLAY }, 4, 2, plain);
    expect(drawn).toEqual(['FFWW', '=M@@']);
  });

  it('is drawn without an image too', () => {
    expect(drawPicture({ ...request, image: null }, 4, 2, plain)).toEqual([':L::', ':::C']);
  });
});
