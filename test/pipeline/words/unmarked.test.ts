import { expect, it } from 'vitest';
import { unmarkedWords } from '../../../src/pipeline/words/unmarked.js';

const CLASSES = ['background', 'lung', 'covid', 'non\u001bcovid'].map((key, index) => ({ index, key }));

it('names the classes that a model can not predict, but background', () => {
  expect(unmarkedWords({ knownClasses: [0, 2] }, CLASSES)).toBe(
    'The model has no class lung, non\\x1bcovid: nothing of it is predicted.',
  );
  expect(unmarkedWords({ knownClasses: [1, 2, 3] }, CLASSES)).toBe(null);
  expect(unmarkedWords({}, CLASSES)).toBe(null);
  expect(unmarkedWords(null, CLASSES)).toBe(null);
});
