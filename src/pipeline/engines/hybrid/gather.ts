import { WorkError } from '../../errors.js';
import type { Engine, ModelOutput, Pixels } from '../engine.js';

/** An engine that is given images one by one and runs them in full batches. */
export interface Gathering {
  /** The output comes when its batch has been run: when it is full, or with the next `flush`. */
  run(image: Pixels): Promise<ModelOutput>;
  /** Sends on what waits, however little it is. */
  flush(): void;
  /** Whoever still waits is refused, and so is what comes later. The engine stays open. */
  stop(): void;
}

interface Waiting {
  image: Pixels;
  resolve(output: ModelOutput): void;
  reject(error: unknown): void;
}

export function gatherBatches(engine: Pick<Engine, 'info' | 'infer'>): Gathering {
  let waiting: Waiting[] = [];
  let stopped = false;

  async function send(): Promise<void> {
    const batch = waiting;
    waiting = [];
    try {
      const outputs = await engine.infer(batch.map(({ image }) => image));
      for (const [i, { resolve }] of batch.entries()) resolve(outputs[i]);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return {
    run(image) {
      if (stopped) return Promise.reject(closed());
      return new Promise((resolve, reject) => {
        waiting.push({ image, resolve, reject });
        if (waiting.length >= engine.info.batch) void send();
      });
    },
    flush() {
      if (waiting.length > 0) void send();
    },
    stop() {
      stopped = true;
      for (const { reject } of waiting.splice(0)) reject(closed());
    },
  };
}

const closed = () => new WorkError('the engine is closed');
