import { describe, expect, it } from 'vitest';
import { type OverlayRequest, renderOverlay } from '../../../src/pipeline/overlays/render-overlay.js';

const classes = ['background', 'lung', 'COVID-19'].map((name, index) => ({ index, key: name, name, aliases: [] }));

/** 256 x 256 of gray 100; truth a square of class 2 at 40..99, the prediction the same 30 pixels to the right. */
function picture(given: Partial<OverlayRequest> = {}): OverlayRequest {
  const square = (from: number) =>
    Uint8Array.from({ length: 65_536 }, (_, i) => {
      const [x, y] = [i % 256, i >> 8];
      return y >= 40 && y < 100 && x >= from && x < from + 60 ? 2 : 0;
    });
  return {
    image: new Uint8Array(65_536).fill(100),
    width: 256,
    height: 256,
    truth: square(40),
    predicted: square(70),
    classes,
    focus: [2],
    title: 'Test/COVID-19/images/covid_1',
    ...given,
  };
}

/** Colour at a source pixel of a panel (0 truth, 1 prediction, 2 difference): panels are 512 wide, 8 apart, 30 from the top. */
function colourAt(drawn: { width: number; data: Uint8Array }, panel: number, x: number, y: number): number[] {
  const i = ((30 + 2 * y) * drawn.width + 8 + panel * 520 + 2 * x) * 3;
  return [...drawn.data.subarray(i, i + 3)];
}

describe('renderOverlay', () => {
  it('lays three enlarged panels side by side over a strip of words', () => {
    const drawn = renderOverlay(picture());
    expect(drawn.width).toBe(3 * 512 + 4 * 8);
    // 30 above, the panel, two margins, then title, one class and the legend, 22 each
    expect(drawn.height).toBe(30 + 512 + 16 + 3 * 22);
    expect(drawn.data).toHaveLength(drawn.width * drawn.height * 3);
  });

  it('mixes fills with the image and draws outlines solid', () => {
    const drawn = renderOverlay(picture());
    const orange = [230, 159, 0];
    const mixed = orange.map((part) => 100 + Math.round((part - 100) * 0.4));
    expect(colourAt(drawn, 0, 20, 20)).toEqual([100, 100, 100]);
    expect(colourAt(drawn, 0, 60, 60)).toEqual(mixed);
    expect(colourAt(drawn, 0, 40, 60)).toEqual(orange);
    expect(colourAt(drawn, 0, 110, 60)).toEqual([100, 100, 100]);
    expect(colourAt(drawn, 1, 110, 60)).toEqual(mixed);
    expect(colourAt(drawn, 1, 50, 60)).toEqual([100, 100, 100]);
  });

  it('the difference has an outline of its own colour around each kind', () => {
    const drawn = renderOverlay(picture());
    expect(colourAt(drawn, 2, 40, 60)).toEqual([213, 94, 0]); // missed: vermillion
    expect(colourAt(drawn, 2, 70, 60)).toEqual([0, 158, 115]); // hit: bluish green
    expect(colourAt(drawn, 2, 100, 60)).toEqual([240, 228, 66]); // false alarm: yellow
    expect(colourAt(drawn, 2, 200, 200)).toEqual([100, 100, 100]);
  });

  it('without a prediction the other panels show the bare image', () => {
    const drawn = renderOverlay(picture({ predicted: null }));
    expect(colourAt(drawn, 0, 40, 60)).toEqual([230, 159, 0]);
    expect(colourAt(drawn, 1, 110, 60)).toEqual([100, 100, 100]);
    expect(colourAt(drawn, 2, 40, 60)).toEqual([100, 100, 100]);
  });

  it('the title and the outcome are in the picture', () => {
    const strip = (given: Partial<OverlayRequest>) => {
      const { width, height, data } = renderOverlay(picture(given));
      return Buffer.from(data.subarray(width * 3 * 542, width * 3 * height));
    };
    expect(strip({ title: 'a' }).equals(strip({ title: 'b' }))).toBe(false);
    expect(strip({ title: '肺' }).equals(strip({ title: '?' }))).toBe(true);
    expect(strip({ predicted: picture().truth }).equals(strip({}))).toBe(false);
  });

  it('is the same each time and leaves its input alone', () => {
    const request = picture();
    const before = structuredClone(request);
    const [first, second] = [renderOverlay(request), renderOverlay(request)];
    expect(Buffer.compare(first.data, second.data)).toBe(0);
    for (const part of ['image', 'truth', 'predicted'] as const) {
      expect(Buffer.compare(request[part] as Uint8Array, before[part] as Uint8Array)).toBe(0);
    }
  });

  it.each([
    [1, 1],
    [3, 200],
    [300, 2],
    [1500, 900],
  ])('takes a picture of %i x %i with everything missing', (width, height) => {
    const drawn = renderOverlay(picture({ width, height, image: null, truth: null, predicted: null }));
    expect(drawn.width).toBeGreaterThanOrEqual(900);
    expect(drawn.data).toHaveLength(drawn.width * drawn.height * 3);
  });

  it('a region of one pixel survives in a reduced picture', () => {
    const truth = new Uint8Array(3000 * 2000).fill(1);
    truth[1001 * 3000 + 1501] = 2;
    const { data } = renderOverlay(picture({ width: 3000, height: 2000, image: null, truth, predicted: null }));
    let orange = 0;
    // above the words: the panels are reduced to 1,000 x 667
    for (let i = 0; i < 3032 * 3 * 690; i += 3)
      if (data[i] === 230 && data[i + 1] === 159 && data[i + 2] === 0) orange++;
    expect(orange).toBe(1);
  });

  it('refuses sizes that do not agree', () => {
    expect(() => renderOverlay(picture({ image: new Uint8Array(5) }))).toThrow(RangeError);
    expect(() => renderOverlay(picture({ truth: new Uint8Array(5) }))).toThrow('5 pixels, the picture 256x256');
  });
});
