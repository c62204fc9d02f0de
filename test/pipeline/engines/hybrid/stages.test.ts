import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Engine, EngineInfo, ModelOutput, Pixels } from '../../../../src/pipeline/engines/engine.js';
import { joinStages, type Stages } from '../../../../src/pipeline/engines/hybrid/stages.js';
import { createRandom } from '../../../../src/pipeline/random.js';
import { mapOrdered } from '../../../../src/pipeline/stages/map-ordered.js';
import { xrays } from '../../checks/given.js';
import { classify, type FakeOptions, fakeEngine, idOf, image, mark } from './fake-engines.js';

const { classes } = xrays();

interface Set {
  gate?: FakeOptions;
  segmenter?: FakeOptions;
  threshold?: number;
  segmentAll?: boolean;
}

/** A gate, and one segmenter of covid. */
function hybrid({ gate = {}, segmenter = {}, threshold = 0.5, segmentAll = false }: Set) {
  const first = fakeEngine(classify, { model: 'gate', ...gate });
  const second = fakeEngine(mark, { model: 'unet', ...segmenter });
  const stages: Stages = {
    gate: first.engine,
    gateIndex: [null, null, 1, 2],
    segmenters: [second.engine],
    gated: [{ spec: classes[2], threshold, segmenter: 0 }],
    segmentAll,
  };
  return { engine: joinStages(stages, first.engine.info as EngineInfo), gate: first.log, segmenter: second.log };
}

/** Runs images through an engine as the stream does. */
async function stream(engine: Engine, images: readonly Pixels[], batch = engine.info.batch): Promise<ModelOutput[]> {
  const batches = Array.from({ length: Math.ceil(images.length / batch) }, (_, b) =>
    images.slice(b * batch, (b + 1) * batch),
  );
  const outputs: ModelOutput[] = [];
  const limit = engine.inFlight ?? 3 * engine.sessions;
  for await (const of of mapOrdered(batches, limit, (some) => engine.infer(some))) outputs.push(...of);
  return outputs;
}

/** What a hybrid of one class has to say of an image, by the definition. */
function expected(covid: number, seen: number, threshold: number) {
  const passed = covid / 255 >= threshold;
  const labels = Array.from({ length: 4 }, (_, b) => (passed && (seen >> b) & 1 ? 2 : 0));
  return { labels: passed ? labels : new Array(16).fill(0), passed: passed ? [2] : [] };
}

describe('whatever is late, every image gets its own prediction, in order', () => {
  const cases = [0, 0.05, 0.5, 1].flatMap((share) => [1, 2, 3, 4].map((seed) => ({ share, seed })));
  test.each(cases)('share of positives $share, seed $seed', async ({ share, seed }) => {
    const random = createRandom('hybrid', share, seed);
    const draw = (n: number) => random.integer(0, n);
    const given = Array.from({ length: 90 + draw(20) }, (_, id) => ({
      id,
      covid: random.chance(share) ? 128 + draw(128) : draw(128),
      seen: draw(16),
    }));
    const delay = () => draw(4);
    const set = hybrid({
      gate: { batch: 1 + draw(6), sessions: 1 + draw(3), delay },
      segmenter: { batch: 1 + draw(6), sessions: 1 + draw(3), delay },
      segmentAll: seed === 4,
    });
    const images = given.map(({ id, covid, seen }) => image(id, covid, 0, seen));
    const outputs = await stream(set.engine, images);
    expect(outputs.map(({ labels, gate }) => ({ labels: [...labels], passed: gate?.passed }))).toEqual(
      given.map(({ covid, seen }) => expected(covid, seen, 0.5)),
    );
    const asked = given.filter(({ covid }) => seed === 4 || covid >= 127.5).map(({ id }) => id);
    expect(set.segmenter.calls.flat().sort((a, b) => a - b)).toEqual(asked);
    expect(set.gate.calls.flat().sort((a, b) => a - b)).toEqual(given.map(({ id }) => id));
    const [gateWork, segmenterWork] = set.engine.work?.() ?? [];
    expect(gateWork).toMatchObject({ model: 'gate', images: given.length, sent: given.length });
    const sent = given.filter(({ covid }) => covid >= 127.5).length;
    expect(segmenterWork).toMatchObject({ model: 'unet', images: asked.length, sent });
  });
});

describe('batches of the segmenter', () => {
  test('are full while the gate has more to come, and the last one is what is left', async () => {
    const set = hybrid({ gate: { batch: 4 }, segmenter: { batch: 4 } });
    const images = Array.from({ length: 40 }, (_, id) => image(id, id % 4 === 0 ? 255 : 0));
    await stream(set.engine, images);
    expect(set.segmenter.calls.map(({ length }) => length)).toEqual([4, 4, 2]);
  });
  test('one image alone is not kept waiting', async () => {
    const set = hybrid({ segmenter: { batch: 8 } });
    const [output] = await set.engine.infer([image(1, 255, 0, 1)]);
    expect([...output.labels]).toEqual([2, 0, 0, 0]);
  });
  test('a stream that lets in one call at once comes to its end', async () => {
    const set = hybrid({ segmenter: { batch: 64 } });
    for (let id = 0; id < 6; id++) await set.engine.infer([image(id, 255)]);
    expect(set.segmenter.calls).toEqual([[0], [1], [2], [3], [4], [5]]);
  });
  test('nothing reaches the segmenter where nothing is positive', async () => {
    const set = hybrid({});
    await stream(set.engine, [image(1, 0), image(2, 127)]);
    expect(set.segmenter.calls).toEqual([]);
  });
});

test('both stages are at work at once', async () => {
  let gateAtWork = 0;
  let both = 0;
  const set = hybrid({
    gate: { batch: 1, delay: () => 2, onCall: () => void gateAtWork++ },
    segmenter: {
      batch: 2,
      delay: () => 6,
      onCall: () => {
        both += set.gate.atOnce;
      },
    },
  });
  await stream(
    set.engine,
    Array.from({ length: 24 }, (_, id) => image(id, 255)),
  );
  expect(gateAtWork).toBe(24);
  expect(both).toBeGreaterThan(0);
});

test('no more images are let in than the stages are said to need', async () => {
  const set = hybrid({ gate: { batch: 4, sessions: 2 }, segmenter: { batch: 4, sessions: 2, delay: () => 20 } });
  let seen = 0;
  let done = 0;
  let most = 0;
  const { inFlight = 0 } = set.engine;
  const batches = Array.from({ length: 60 }, (_, id) => [image(id, 255)]);
  const work = async (some: Pixels[]) => {
    most = Math.max(most, ++seen - done);
    const outputs = await set.engine.infer(some);
    done++;
    return outputs;
  };
  for await (const _ of mapOrdered(batches, inFlight, work));
  expect(most).toBeLessThanOrEqual(inFlight);
  expect(inFlight).toBeLessThan(30);
});

describe('an error in either stage', () => {
  const images = () => Array.from({ length: 30 }, (_, id) => image(id, id % 2 ? 255 : 0));
  test.each([
    ['gate', { gate: { failOn: (id: number) => id === 9, delay: () => 1 } }, 'gate failed on 9'],
    ['segmenter', { segmenter: { batch: 3, failOn: (id: number) => id === 9, delay: () => 1 } }, 'unet failed on 9'],
  ])('of the %s ends the stream, and leaves nobody waiting', async (_, set, message) => {
    const { engine, gate, segmenter } = hybrid(set);
    await expect(stream(engine, images(), 4)).rejects.toThrow(message);
    await engine.close();
    expect([gate.closed, segmenter.closed, gate.atOnce, segmenter.atOnce]).toEqual([true, true, 0, 0]);
  });
  test('closing refuses whoever still waits for a full batch', async () => {
    const { engine } = hybrid({ gate: { delay: (call) => (call === 2 ? 50 : 0) }, segmenter: { batch: 8 } });
    const waiting = engine.infer([image(1, 255)]);
    const late = engine.infer([image(2, 255)]);
    await sleep(10);
    await engine.close();
    await expect(waiting).rejects.toThrow('the engine is closed');
    await expect(late).rejects.toThrow('closed');
  });
  test('of closing is not swallowed, and the other stage is closed', async () => {
    const { engine, segmenter } = hybrid({});
    const gate = fakeEngine(classify).engine;
    gate.close = () => Promise.reject(new Error('stuck'));
    const joined = joinStages(
      {
        gate,
        gateIndex: [null, null, 1, 2],
        segmenters: [engine],
        gated: [{ spec: classes[2], threshold: 0.5, segmenter: 0 }],
        segmentAll: false,
      },
      gate.info,
    );
    await expect(joined.close()).rejects.toThrow('stuck');
    expect(segmenter.closed).toBe(true);
  });
});

describe('what the gate says', () => {
  test('at the threshold itself an image goes on', async () => {
    const set = hybrid({ threshold: 128 / 255 });
    const outputs = await set.engine.infer([image(0, 127), image(1, 128)]);
    expect(outputs.map(({ gate }) => gate?.passed)).toEqual([[], [2]]);
  });
  test('its probabilities are those of the dataset’s classes that it knows', async () => {
    const [output] = await hybrid({}).engine.infer([image(0, 51, 102)]);
    expect(output.gate).toEqual({ probabilities: [null, null, 0.2, 0.4], passed: [] });
    expect(output.maxProbability).toEqual([null, null, null, null]);
  });
  test('NaN is no prediction', async () => {
    const nan = (of: Pixels) => ({ ...classify(of), nonFinite: true, maxProbability: [Number.NaN, Number.NaN, 0] });
    const { engine } = fakeEngine(nan);
    const { engine: unet, log } = fakeEngine(mark);
    const gated = [{ spec: classes[2], threshold: 0, segmenter: 0 }];
    const stages = { gate: engine, gateIndex: [null, null, 1, 2], segmenters: [unet], gated, segmentAll: false };
    const [output] = await joinStages(stages, engine.info).infer([image(0, 255)]);
    expect(output).toMatchObject({ nonFinite: true, gate: { probabilities: [null, null, null, null], passed: [] } });
    expect(log.calls).toEqual([]);
  });
  test('labels without probabilities are no gate', async () => {
    const silent = (of: Pixels) => ({ ...classify(of), maxProbability: [null, null, null] });
    const { engine } = fakeEngine(silent, { model: 'arg-max.onnx' });
    const gated = [{ spec: classes[2], threshold: 0, segmenter: 0 }];
    const stages = { gate: engine, gateIndex: [null, null, 1, 2], segmenters: [], gated, segmentAll: false };
    await expect(joinStages(stages, engine.info).infer([image(0, 255)])).rejects.toThrow(
      'arg-max.onnx gives labels and no probabilities',
    );
  });
});

test('the fakes know their images', () => expect(idOf(image(700, 0))).toBe(700));
