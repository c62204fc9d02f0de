import { describe, expect, it } from 'vitest';
import {
  countSelected,
  type Discovery,
  type SampleGroup,
  selectSamples,
  splitsSelected,
} from '../../../src/pipeline/stages/discover.js';

function group(split: string, images: number): SampleGroup {
  const names = Array.from({ length: images }, (_, i) => `${split}-${i}.png`);
  const folders = { imageDir: split, lungDir: null, infectionDir: null, labelDir: null };
  return { split, source: '', ...folders, images: names, lungs: null, infections: null, labels: null, required: {} };
}

describe('ids', () => {
  it("are an image's alone where several have one stem", () => {
    const images = ['a.b.png', 'a.jpg', 'a.k.png', 'a.png', 'ab.png', 'b.png'];
    const ids = [
      ...selectSamples({ ...discovery, groups: [{ ...group('d', 0), images }] }, { limit: null, shard: null }),
    ];
    expect(ids.map(({ image }) => image)).toEqual(['d/a.b', 'd/a', 'd/a.k', 'd/a.png', 'd/ab', 'd/b']);
  });
});

const groups = [group('test', 3), group('train', 0), group('train', 7), group('val', 1), group('train', 2)];
const discovery: Discovery = {
  ...{ layout: 'masks', groups, images: 13, orphans: [], emptyFolders: [], notes: [] },
  splits: { test: 3, train: 9, val: 1 },
};

describe('a selection', () => {
  const limits = [null, 1, 3, 4, 11, 13, 100];
  const shards = [null, ...[2, 3, 13, 20].flatMap((count) => [1, 2, count].map((index) => ({ index, count })))];
  it.each(limits.flatMap((limit) => shards.map((shard) => ({ limit, shard }))))(
    'counts what it takes: %j',
    (selection) => {
      const splits: Record<string, number> = {};
      const taken = [...selectSamples(discovery, selection)];
      for (const { split } of taken) splits[split] = (splits[split] ?? 0) + 1;
      expect(countSelected(discovery, selection)).toBe(taken.length);
      expect(splitsSelected(discovery, selection)).toEqual(splits);
    },
  );
});
