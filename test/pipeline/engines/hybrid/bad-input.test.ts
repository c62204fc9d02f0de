import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../../../../src/commands/failure.js';
import { imageLevel } from '../../../../src/pipeline/dataset/image-level.js';
import { parseHybrid } from '../../../../src/pipeline/engines/hybrid/hybrid-file.js';
import { hybridSettings } from '../../../../src/pipeline/engines/hybrid/settings.js';
import { openEngine } from '../../../../src/pipeline/engines/registry.js';
import { UsageError, WorkError } from '../../../../src/pipeline/errors.js';
import { labels } from '../../checks/given.js';

const dataset = labels(['cyst', 'node', 'rib']);
const GATE = 'gate.onnx';
const UNET = 'nchw-softmax.onnx';
let folder: string;
const inside = (name: string) => path.join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-hybrid-'));
  for (const name of [GATE, UNET, 'nan-gate.onnx', 'argmax-labels.onnx', 'byte-labels.onnx', 'hybrid.json']) {
    copyFileSync(fileURLToPath(new URL(`../../../../fixtures/onnx/${name}`, import.meta.url)), inside(name));
  }
  for (const [name, classes] of [
    ['others', ['none', 'node', 'rib']],
    ['foreign', ['lung', 'covid', 'non-covid']],
  ] as const) {
    copyFileSync(inside(GATE), inside(`${name}.onnx`));
    writeFileSync(inside(`${name}.onnx.maskaudit.json`), JSON.stringify({ classes }));
  }
  copyFileSync(inside('byte-labels.onnx'), inside('nodes.onnx'));
  writeFileSync(inside('nodes.onnx.maskaudit.json'), '{ "classes": ["background", "node", "rib", "rib"] }');
  writeFileSync(inside('broken.onnx'), 'no graph');
  mkdirSync(inside('folder'));
  symlinkSync('loop.onnx', inside('loop.onnx'));
  symlinkSync(GATE, inside('link.onnx'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The text of a hybrid of cysts with these changes. */
const text = (changes: object = {}, around: object = {}) =>
  JSON.stringify({ hybrid: { gate: GATE, segmenter: { cyst: UNET }, threshold: 0.5, ...changes }, ...around });

const OPTIONS = { engine: 'auto', dataset, device: 'cpu', batch: null, jobs: 1, card: {} } as const;

/** Opens a hybrid; what it throws, and the exit code that this is. */
async function opened(content: string, changes: object = {}): Promise<{ code: number; message: string }> {
  writeFileSync(inside('h.json'), content);
  try {
    const engine = await openEngine({ ...OPTIONS, model: inside('h.json'), ...changes }, () => {});
    await engine.close();
    return { code: 0, message: '' };
  } catch (error) {
    expect(error instanceof UsageError || error instanceof WorkError, String(error)).toBe(true);
    const { code, text: message } = failureOf(error, false);
    return { code, message };
  }
}

describe('a file that is not as it has to be', () => {
  const RANGE = 'a number from 0 to 1 is expected';
  test.each([
    ['no JSON', '{ "hybrid": oops', 'h.json is no JSON: '],
    ['cut off', text().slice(0, -9), 'h.json is no JSON: '],
    ['a list', '{ "hybrid": [] }', '"hybrid" of h.json: '],
    ['unknown key', text({ treshold: 1 }), 'unknown setting "treshold" in h.json; did you mean "threshold"?'],
    ['unknown key beside it', text({}, { x: 1 }), 'unknown setting "x" in h.json; there are hybrid, gate, '],
    ['no threshold', text({ threshold: undefined }), `"hybrid.threshold" of h.json: ${RANGE}, or one for each class`],
    ['threshold as text', text({ threshold: '0.5' }), `"hybrid.threshold" of h.json: ${RANGE}, or one for each class`],
    ['threshold above 1', text({ threshold: 1.01 }), `"hybrid.threshold" of h.json: ${RANGE}`],
    ['threshold below 0', text({ threshold: { cyst: -0.1 } }), `"hybrid.threshold.cyst" of h.json: ${RANGE}`],
    [
      'threshold null',
      text({ threshold: { cyst: null } }),
      `"hybrid.threshold" of h.json: ${RANGE}, or one for each class`,
    ],
    ['no threshold for a class', text({ threshold: {} }), '"hybrid.threshold" of h.json has none for cyst'],
    [
      'threshold of no class',
      text({ threshold: { cyst: 0, rib: 0 } }),
      '"hybrid.threshold.rib" of h.json: "segmenter"',
    ],
    ['no gate', text({ gate: undefined }), '"hybrid.gate" of h.json: the file of a model is expected'],
    ['empty gate', text({ gate: '' }), '"hybrid.gate" of h.json: the file of a model is expected'],
    ['no segmenter', text({ segmenter: undefined }), '"hybrid.segmenter" of h.json: a file for each class is expected'],
    ['one segmenter for nobody', text({ segmenter: UNET }), '"hybrid.segmenter" of h.json: a file for each class'],
    ['segmenter of no class', text({ segmenter: {} }), '"hybrid.segmenter" of h.json: names no class'],
    ['segmenter null', text({ segmenter: { cyst: null } }), '"hybrid.segmenter.cyst" of h.json: the file of a model'],
  ])('%s', (_, content, message) => {
    expect(() => parseHybrid(content, 'h.json')).toThrow(UsageError);
    expect(() => parseHybrid(content, 'h.json')).toThrow(message);
  });
});

describe('classes that the dataset has not as the file has them', () => {
  const set = (segmenter: Record<string, string>, changes: object = {}) => {
    writeFileSync(inside('h.json'), text({ segmenter }));
    return () => hybridSettings({ model: inside('h.json'), segmentAll: false, ...changes }, dataset);
  };
  test.each([
    ['misspelt', { cist: UNET }, 'unknown class "cist": this dataset has 0 background'],
    ['background', { background: UNET }, 'background is what no segmenter marks'],
    ['an index', { 1: UNET }, 'a key is expected, not "1"'],
    ['twice', { cyst: UNET, CYST: UNET }, 'names cyst twice: as "cyst" and "CYST"'],
  ])('%s', (_, segmenter, message) => {
    expect(set(segmenter)).toThrow(UsageError);
    expect(set(segmenter)).toThrow(message);
  });
  test('images as a whole have none of its pixels', () => {
    writeFileSync(inside('h.json'), text());
    const asked = () => hybridSettings({ model: inside('h.json'), segmentAll: false }, imageLevel(dataset, null));
    expect(asked).toThrow('--level image is about images as a whole, and h.json marks pixels: audit its gate');
  });
  test('--segment-all is for hybrids', () => {
    const asked = () => hybridSettings({ model: inside(UNET), segmentAll: true }, dataset);
    expect(asked).toThrow('--segment-all is for hybrids');
  });
});

describe('models that do not fit: one message, and its exit code', () => {
  test.each<[string, object, number, string[], object?]>([
    ['no gate there', { gate: 'nowhere.onnx' }, 2, ['h.json, gate: no model at ', 'nowhere.onnx']],
    ['no segmenter there', { segmenter: { cyst: 'x.onnx' } }, 2, ['h.json, segmenter of cyst: no model at ', 'x.onnx']],
    ['a link in a circle', { gate: 'loop.onnx' }, 2, ['h.json, gate: no model at ', 'loop.onnx']],
    ['a name that writes to the terminal', { gate: 'a\u001b[31m\nb.onnx' }, 2, ['a\\x1b[31m']],
    ['a folder', { gate: 'folder' }, 3, ['h.json, gate: no engine for folder']],
    ['no graph', { gate: 'broken.onnx' }, 3, ['h.json, gate: ', 'broken.onnx']],
    [
      'a gate that is a segmenter',
      { gate: UNET },
      2,
      ['h.json, gate: nchw-softmax.onnx gives y float32 [1,4,4,4], a map of pixels, and a gate has to be a classifier'],
    ],
    [
      'a segmenter that is a classifier',
      { segmenter: { cyst: GATE } },
      2,
      ['h.json, segmenter of cyst: gate.onnx gives y float32 [1,3]', 'a segmenter has to give a map of pixels'],
    ],
    ['a gate of labels', { gate: 'argmax-labels.onnx' }, 2, ['h.json, gate: ', 'a gate has to be a classifier']],
    [
      'a hybrid in it',
      { segmenter: { cyst: 'hybrid.json' } },
      2,
      ['segmenter of cyst: hybrid.json is a hybrid itself'],
    ],
    ['itself in it', { gate: 'h.json' }, 2, ['h.json, gate: h.json is a hybrid itself']],
    [
      'a gate of other classes',
      { gate: 'others.onnx' },
      2,
      [
        'its gate others.onnx knows none, node and rib and not cyst, which it has to let through: name a classifier of cyst',
      ],
    ],
    ['a gate of another dataset', { gate: 'foreign.onnx' }, 2, ['h.json, gate: unknown class "lung"', 'foreign.onnx']],
    [
      'a segmenter of other classes',
      { segmenter: { cyst: 'nodes.onnx' } },
      2,
      ['its segmenter nodes.onnx knows background, node and rib and not cyst, which it has to mark'],
    ],
    ['--card', {}, 2, ['--card size=... is about one model, and h.json joins several'], { card: { size: '4' } }],
    ['--engine wasm', {}, 3, ['engine wasm does not read gate.onnx; engine onnx reads it'], { engine: 'wasm' }],
  ])('%s', async (_, changes, code, messages, options) => {
    const told = await opened(text(changes), options);
    for (const message of messages) expect(told.message).toContain(message);
    for (const no of ['\u001b', '--level']) expect(told.message).not.toContain(no);
    expect(told.code).toBe(code);
  });
  test('a card beside the file is refused too', async () => {
    const card = inside('h.json.maskaudit.json');
    writeFileSync(card, '{ "size": [4, 4] }');
    const { code, message } = await opened(text());
    rmSync(card);
    expect([code, message]).toEqual([2, expect.stringContaining('h.json.maskaudit.json is a card of one model')]);
  });
  test.each([
    ['absolute', () => inside(GATE)],
    ['out of the folder and back', () => `../${path.basename(folder)}/${GATE}`],
    ['a link', () => 'link.onnx'],
  ])('a path is taken as it is: %s', async (_, gate) => {
    expect(await opened(text({ gate: gate() }))).toEqual({ code: 0, message: '' });
  });
});

test('NaN from the gate is no prediction, and no other image’s', async () => {
  writeFileSync(inside('h.json'), text({ gate: 'nan-gate.onnx', threshold: 0 }));
  const engine = await openEngine({ ...OPTIONS, model: inside('h.json') }, () => {});
  const image = (value: number) => {
    const data = new Uint8Array(16).fill(102);
    data.fill(value, 0, 3);
    return { width: 4, height: 4, channels: 1 as const, data };
  };
  const outputs = await engine.infer([image(40), image(31), image(32)]);
  await engine.close();
  const rest = [0, 0, 0, ...new Array(13).fill(1)];
  expect(outputs.map(({ nonFinite, labels }) => [nonFinite, [...labels]])).toEqual([
    [false, rest],
    [true, new Array(16).fill(0)],
    [false, rest],
  ]);
  expect(outputs[1].gate).toEqual({ probabilities: [null, null, null, null], passed: [] });
  expect(outputs[2].gate?.probabilities[1]).toBe(0.5);
});
