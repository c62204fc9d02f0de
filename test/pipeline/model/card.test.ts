import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UsageError, WorkError } from '../../../src/pipeline/errors.js';
import { parseCard, parseSettings, readCard } from '../../../src/pipeline/model/card.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-card-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, card: unknown) => writeFileSync(path.join(folder, name), JSON.stringify(card));
const read = (settings: Record<string, string> = {}) => readCard(path.join(folder, 'net.onnx'), settings);

test('a model without a card has none', async () => {
  expect(await read()).toEqual({ card: {}, origin: {} });
});

test('settings of the command line go over those of the card, and each says where it is from', async () => {
  write('net.onnx.maskaudit.json', { size: [128, 96], preprocess: 'signed', classes: ['background', 'lung'] });
  const { card, origin } = await read({ preprocess: 'byte', threshold: '0.25' });
  expect(card).toEqual({ size: [128, 96], preprocess: 'byte', classes: ['background', 'lung'], threshold: 0.25 });
  expect(origin).toEqual({
    size: 'net.onnx.maskaudit.json',
    classes: 'net.onnx.maskaudit.json',
    preprocess: 'the command line',
    threshold: 'the command line',
  });
});

test('a card may be named after the model without its ending; the full name goes first', async () => {
  write('net.maskaudit.json', { channels: 3 });
  expect((await read()).card).toEqual({ channels: 3 });
  write('net.onnx.maskaudit.json', { channels: 1 });
  expect((await read()).card).toEqual({ channels: 1 });
});

test('a card that is a folder is a fault of the machine, not of the call', async () => {
  const { mkdirSync } = await import('node:fs');
  mkdirSync(path.join(folder, 'net.maskaudit.json'));
  await expect(read()).rejects.toThrow(WorkError);
});

test('settings as text: one number is a square, ratios and lists are read', () => {
  expect(parseSettings({ size: '256' })).toEqual({ size: [256, 256] });
  expect(parseSettings({ size: '256,320' })).toEqual({ size: [256, 320] });
  expect(parseSettings({ size: '256x320' })).toEqual({ size: [256, 320] });
  expect(parseSettings({ classes: ' background, lung' })).toEqual({ classes: ['background', 'lung'] });
  expect(parseSettings({ scale: '1/255', mean: '0.5,0.25,0', channels: '3', output: 'logits' })).toEqual({
    scale: 1 / 255,
    mean: [0.5, 0.25, 0],
    channels: 3,
    output: 'logits',
  });
});

test.each([
  [{ treshold: '0.5' }, 'unknown model setting "treshold" in the command line; did you mean "threshold"?'],
  [{ zoom: '2' }, 'unknown model setting "zoom" in the command line; there are description, size,'],
  [{ channels: '4' }, '"channels" of the command line: Invalid input'],
  [{ channels: 'three' }, 'model setting "channels" takes numbers, not "three"'],
  [{ output: 'sofmax' }, 'did you mean "softmax"?'],
  [{ threshold: '1' }, '"threshold" of the command line: Too big'],
  [{ size: '0' }, '"size.0" of the command line: Too small'],
  [{ std: '0.2,0,0.2' }, 'must be above 0'],
])('%j is refused, named', async (settings, message) => {
  const error = await read(settings as unknown as Record<string, string>).catch((reason) => reason);
  expect(error).toBeInstanceOf(UsageError);
  expect(error.message).toContain(message);
});

test('a card that is no JSON, or no object, is refused by its name', () => {
  expect(() => parseCard('{ size: 1 }', 'a.json')).toThrow(/^a\.json is no JSON/);
  expect(() => parseCard('[]', 'a.json')).toThrow(UsageError);
  expect(() => parseCard('{"classes": []}', 'a.json')).toThrow(/"classes" of a\.json/);
});
