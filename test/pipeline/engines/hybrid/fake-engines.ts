import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine, EngineInfo, ModelOutput, Pixels } from '../../../../src/pipeline/engines/engine.js';

/** What a fake engine did: the ids of each call, how many ran at once, whether it was closed. */
export interface Log {
  calls: number[][];
  atOnce: number;
  most: number;
  closed: boolean;
}

export interface FakeOptions {
  batch?: number;
  sessions?: number;
  model?: string;
  /** Milliseconds of a call. */
  delay?: (call: number) => number;
  /** Ids that make a call fail. */
  failOn?: (id: number) => boolean;
  /** Called when a call begins. */
  onCall?: () => void;
  info?: Partial<EngineInfo>;
}

/** An image of 4 x 4 that says who it is and how probable class 2 (and 3) is, in 255ths. */
export function image(id: number, covid: number, nonCovid = 0, seen = 0): Pixels {
  const data = new Uint8Array(16);
  data.set([id >> 8, id & 255, covid, nonCovid, seen]);
  return { width: 4, height: 4, channels: 1, data };
}

export const idOf = ({ data }: Pixels) => data[0] * 256 + data[1];

const NOTES = { constant: false, nonFinite: false, sumError: null };

/** A classifier of healthy, covid, non-covid: on a grid of one pixel. */
export const classify = ({ data }: Pixels): ModelOutput => {
  const [covid, nonCovid] = [data[2] / 255, data[3] / 255];
  return {
    ...NOTES,
    width: 1,
    height: 1,
    constant: true,
    labels: Uint8Array.of(covid > nonCovid ? 1 : 2),
    maxProbability: [1 - covid - nonCovid, covid, nonCovid],
  };
};

/** A segmenter on a grid of 2 x 2: bit b of the image's fifth sample makes pixel b covid, bit b + 4 non-covid. */
export const mark = ({ data }: Pixels): ModelOutput => {
  const labels = Uint8Array.from([0, 1, 2, 3], (b) => ((data[4] >> b) & 1 ? 2 : (data[4] >> (b + 4)) & 1 ? 3 : 1));
  return { ...NOTES, width: 2, height: 2, labels, maxProbability: [0.5, 0.6, 0.7, 0.8] };
};

/** An engine of `sessions` that work at once; it keeps the buffers that it is given, as threads do. */
export function fakeEngine(answer: (image: Pixels) => ModelOutput, options: FakeOptions = {}) {
  const { batch = 4, sessions = 1, model = 'fake', delay = () => 0, failOn = () => false, onCall } = options;
  const log: Log = { calls: [], atOnce: 0, most: 0, closed: false };
  const info = {
    engine: 'fake',
    device: 'cpu',
    version: 'fake 1',
    model,
    inputWidth: 4,
    inputHeight: 4,
    batch,
    notes: [],
  };
  const engine: Engine = {
    info: { ...info, ...options.info },
    sessions,
    async infer(images) {
      if (log.closed) throw new Error(`${model} is closed`);
      onCall?.();
      const ids = images.map(idOf);
      const outputs = images.map(answer);
      for (const { data } of images) structuredClone(data.buffer, { transfer: [data.buffer as ArrayBuffer] });
      log.calls.push(ids);
      log.most = Math.max(log.most, ++log.atOnce);
      await sleep(delay(log.calls.length));
      log.atOnce--;
      const failing = ids.find(failOn);
      if (failing !== undefined) throw new Error(`${model} failed on ${failing}`);
      return outputs;
    },
    async close() {
      log.closed = true;
    },
  };
  return { engine, log };
}
