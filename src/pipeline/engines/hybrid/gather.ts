import { WorkError } from '../../errors.js';
import type { Engine, ModelOutput, Pixels } from '../engine.js';

/** An engine that is given images one by one and runs them in full batches. */
export interface Gathering {
  /** The output comes when its batch has been run: when it is full, or with a `flush`. */
  run(image: Pixels): Promise<ModelOutput>;
  /** Sends on what waits, however little it is, where a session of the engine has nothing to do. */
  flush(): void;
  /** Whoever still waits is refused, and so is what comes later. The engine stays open. */
  stop(): void;
}

interface Waiting {
  image: Pixels;
  resolve(output: ModelOutput): void;
  reject(error: unknown): void;
}

/** @param onFree called when a session may have nothing to do any more */
export function gatherBatches(engine: Pick<Engine, 'info' | 'sessions' | 'infer'>, onFree: () => void): Gathering {
  let waiting: Waiting[] = [];
  let calls = 0;
  let stopped = false;

  async function send(): Promise<void> {
    const batch = waiting;
    waiting = [];
    calls++;
    try {
      const outputs = await engine.infer(batch.map(({ image }) => image));
      for (const [i, { resolve }] of batch.entries()) resolve(outputs[i]);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    calls--;
    // Not before those who got their answers had the chance to let in more.
    setImmediate(onFree);
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
      if (waiting.length > 0 && calls < engine.sessions) void send();
    },
    stop() {
      stopped = true;
      for (const { reject } of waiting.splice(0)) reject(closed());
    },
  };
}

const closed = () => new WorkError('the engine is closed');
