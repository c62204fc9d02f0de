import { describe, expect, it } from 'vitest';
import { type Curve, drawPlot, type PlotAxes, type PlotPoint } from '../../../src/ui/screen/parts/plot.js';

const ASCII = { unicode: false, dim: (text: string) => text };
const UNICODE = { ...ASCII, unicode: true };
const AXES: PlotAxes = { x: [0, 4], y: [0, 4], yLabels: ['0', '4'], xLabels: ['a', 'b'], log: false };
const curve = (ys: (number | null)[], change: Partial<Curve> = {}): Curve => {
  const points: PlotPoint[] = ys.map((y, x) => ({ x, y }));
  return { points, dotted: false, paint: (text) => text, ...change };
};

describe('a plot', () => {
  it('puts the least below and the most above, left to right, with both ends named', () => {
    expect(drawPlot([curve([0, 1, 2, 3, 4])], AXES, { width: 7, height: 6 }, ASCII)).toEqual([
      ...['4     *', '     * ', '    *  ', '   *   ', '0 *    '],
      '  a   b',
    ]);
  });

  it('gives up the names of the x axis before the fourth line of the curve', () => {
    expect(drawPlot([curve([0, 4])], AXES, { width: 7, height: 4 }, ASCII)).toHaveLength(4);
    expect(drawPlot([curve([0, 4])], AXES, { width: 7, height: 4 }, ASCII).join()).not.toContain('a');
  });

  it('joins neighbours, and leaves a gap where a value is undefined or no number', () => {
    const flat = (ys: (number | null)[]) => drawPlot([curve(ys)], AXES, { width: 11, height: 1 }, ASCII)[0];
    expect(flat([0, 0, 0, 0, 0])).toBe('4 *********');
    expect(flat([0, 0, null, 0, 0])).toBe('4 ***   ***');
    expect(flat([0, 0, Number.NaN, 0, 0])).toBe('4 ***   ***');
    expect(flat([0, null, 0, null, 0])).toBe('4 *   *   *');
    expect(flat([null, null, null])).toBe('4          ');
  });

  it('has eight dots in a character where the terminal has them', () => {
    const axes = { ...AXES, x: [0, 1], y: [0, 3] } as const;
    expect(drawPlot([curve([0, 3])], axes, { width: 3, height: 1 }, UNICODE)).toEqual(['4 ⡜']);
    expect(drawPlot([curve([3, 3])], axes, { width: 3, height: 1 }, UNICODE)).toEqual(['4 ⠉']);
  });

  it('tells a dotted curve from a solid one without colours', () => {
    const dotted = curve([4, 4, 4, 4, 4], { dotted: true });
    const ascii = drawPlot([dotted, curve([0, 0, 0, 0, 0])], AXES, { width: 11, height: 2 }, ASCII);
    expect(ascii).toEqual(['4 .  .  .  ', '0 *********']);
    const [above, below] = drawPlot([dotted, curve([0, 0, 0, 0, 0])], AXES, { width: 11, height: 2 }, UNICODE);
    expect(above.slice(2)).toMatch(/^[⠁⠈ ]{9}$/);
    expect(below.slice(2)).toBe('⣀'.repeat(9));
  });

  it('lets the later curve lie on top, and paints neighbours of one curve together', () => {
    const named = (name: string) => (text: string) => `<${name}${text}>`;
    const [line] = drawPlot(
      [curve([0, 0, 0, 0, 0], { paint: named('a') }), curve([null, 0, 0, 0, null], { paint: named('b') })],
      AXES,
      { width: 7, height: 1 },
      ASCII,
    );
    expect(line).toBe('4 <a*><b***><a*>');
  });

  it('is logarithmic where it is said, and clips what lies outside', () => {
    const axes = { ...AXES, x: [0, 2], y: [1, 100], log: true } as const;
    const lines = drawPlot([curve([1, 10, 100])], axes, { width: 5, height: 3 }, ASCII);
    expect(lines.map((line) => line.slice(2))).toEqual(['  *', ' * ', '*  ']);
    const clipped = drawPlot([curve([-5, 9])], { ...AXES, x: [0, 1] }, { width: 4, height: 2 }, ASCII);
    expect(clipped.map((line) => line.slice(2))).toEqual([' *', '* ']);
  });

  it('keeps to its width, whatever the names', () => {
    const axes = { ...AXES, yLabels: ['0', '123456789'], xLabels: ['epoch 1', '100'] } as const;
    for (const width of [0, 1, 2, 5, 9, 30]) {
      const lines = drawPlot([curve([0, 4])], axes, { width, height: 6 }, UNICODE);
      expect(lines).toHaveLength(6);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    }
  });
});
