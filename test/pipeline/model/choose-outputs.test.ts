import { describe, expect, test } from 'vitest';
import type { ModelCard } from '../../../src/pipeline/model/card.js';
import { chooseOutputs } from '../../../src/pipeline/model/choose-outputs.js';

const MAP = { name: 'map', type: 'float32', shape: ['N', 4, 8, 8] };
const SCORE = { name: 'score', type: 'float32', shape: ['N', 4] };
const HEAT = { name: 'heat', type: 'float32', shape: ['N', 8, 8, 4] };
const OPEN = { name: 'any', type: 'float32', shape: [] };
const POOLED = { name: 'pooled', type: 'float32', shape: ['N', 4, 1, 1] };

function choose(outputs: (typeof MAP)[], card: ModelCard = {}) {
  const origin = Object.fromEntries(Object.keys(card).map((key) => [key, 'the card']));
  const { answer, heat } = chooseOutputs('net', outputs, { card, origin });
  return [answer.name, heat?.name ?? null];
}

describe('of a segmenter', () => {
  test('the only map, whatever else there is', () => expect(choose([MAP, SCORE])).toEqual(['map', null]));
  test('the one that the card names', () => {
    expect(choose([MAP, SCORE], { outputName: 'score' })).toEqual(['score', null]);
  });
  test('a map that is called heat and explains nothing', () => expect(choose([HEAT])).toEqual(['heat', null]));
  test('an output of unknown shape', () => expect(choose([OPEN])).toEqual(['any', null]));
});

describe('of a classifier', () => {
  test.each([[SCORE], [POOLED]])('the only answer: %o', (answer) =>
    expect(choose([answer])).toEqual([answer.name, null]),
  );
  test('heat maps by their name', () => expect(choose([HEAT, SCORE])).toEqual(['score', 'heat']));
  test('heat maps by the card', () => {
    expect(choose([MAP, SCORE], { heatOutput: 'map' })).toEqual(['score', 'map']);
    expect(choose([MAP, HEAT, SCORE], { task: 'classification', heatOutput: 'map' })).toEqual(['score', 'map']);
  });
  test('a card that says so goes before a map', () => {
    expect(choose([MAP, SCORE], { task: 'classification' })).toEqual(['score', null]);
    expect(choose([HEAT, OPEN], { task: 'classification' })).toEqual(['any', 'heat']);
  });
});

test.each([
  ['an unknown name', [MAP, SCORE], { outputName: 'mpa' }, /the card says outputName "mpa", and it gives map .*score/],
  ['unknown heat maps', [SCORE], { heatOutput: 'cam' }, /the card says heatOutput "cam", and it gives score/],
  ['two maps', [MAP, { ...MAP, name: 'aux' }], {}, /gives 2 maps .*"outputName" in its card/],
  ['two answers', [SCORE, { ...SCORE, name: 'aux' }], {}, /gives 2 answers .*"outputName" in its card/],
  ['neither', [{ ...MAP, shape: ['N', 1, 4, 8, 8] }], {}, /a map of pixels, and a classifier one answer an image/],
  [
    'no map, which the card expects',
    [SCORE],
    { task: 'segmentation' },
    /the card says task "segmentation".*a map of pixels/,
  ],
  [
    'no answer, which the card expects',
    [MAP],
    { task: 'classification' },
    /the card says task "classification".*one answer/,
  ],
] as const)('%s: refused', (_, outputs, card, message) => {
  expect(() => choose([...outputs] as (typeof MAP)[], card as ModelCard)).toThrow(message);
});
