import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Discovery } from '../../../src/pipeline/stages/discover.js';
import { affixHint } from '../../../src/pipeline/stages/predictions.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function hint(images: string[], predictions: string[], prefix = ''): string | null {
  const root = mkdtempSync(path.join(tmpdir(), 'maskaudit-affix-'));
  folders.push(root);
  for (const name of predictions) writeFileSync(path.join(root, name), '');
  const folder = { root, classFolders: [], nested: false, flat: true, prefix, suffix: '' };
  return affixHint(folder, { groups: [{ images }] } as unknown as Discovery);
}

describe('affixHint', () => {
  it('names the text around every name', () => {
    expect(hint(['0.png', '1.png', '10.png'], ['0_predict.png', '1_predict.png', '10_predict.png'])).toBe(
      'no prediction has an image\'s name; "predictionSuffix": "_predict" in maskaudit.config.json would pair 0_predict.png and the like',
    );
    expect(hint(['a.jpg', 'b.jpg'], ['out-a-x.png', 'out-b-x.png'])).toContain(
      '"predictionPrefix": "out-", "predictionSuffix": "-x"',
    );
  });

  it('says nothing where names fit, differ in their affix, have none of an image, or an affix is set', () => {
    expect(hint(['a.png', 'b.png'], ['a.png', 'b_x.png'])).toBeNull();
    expect(hint(['a.png', 'b.png'], ['a_x.png', 'b_y.png'])).toBeNull();
    expect(hint(['a.png'], ['q.png'])).toBeNull();
    expect(hint(['a.png'], [])).toBeNull();
    expect(hint(['a.png'], ['a_x.png'], 'p')).toBeNull();
  });
});
