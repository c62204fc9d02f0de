import { type Transferable, Worker } from 'node:worker_threads';
import { WorkError } from '../errors.js';

/** Threads that all run one file; each task goes to the least busy one. */
export interface WorkerPool<Data, Task, Answer> {
  /** Tells every thread what it needs to know before its first task; once. */
  begin(data: Data): void;
  run(task: Task, transfer?: readonly Transferable[]): Promise<Answer>;
  close(): Promise<void>;
}

/** Nearly all that a task makes is garbage when it is answered: a larger nursery would cost memory and save no time. */
const YOUNG_MB = 6;

interface Waiting<Answer> {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/**
 * Starts the threads of a file that calls `serveTasks`. They load while the caller goes on: what they have to know is told by
 * `begin`, when it is known.
 */
export function startWorkerPool<Data, Task, Answer>(file: URL, size: number): WorkerPool<Data, Task, Answer> {
  let nextId = 0;
  let broken: Error | null = null;
  const threads = Array.from({ length: size }, () => {
    const worker = new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    const waiting = new Map<number, Waiting<Answer>>();
    const fail = (error: Error) => {
      broken ??= error;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    worker.on(
      'message',
      ({ id, answer, error }: { id: number; answer: Answer; error?: { name: string; message: string } }) => {
        const asked = waiting.get(id);
        waiting.delete(id);
        if (error) asked?.reject(Object.assign(new WorkError(error.message), { name: error.name }));
        else asked?.resolve(answer);
      },
    );
    worker.on('error', (error: NodeJS.ErrnoException) => {
      fail(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? new WorkError('a worker thread ran out of memory: use fewer --jobs')
          : new WorkError(`a worker thread failed: ${error.message}`, { cause: error }),
      );
    });
    worker.on('exit', (code) => {
      if (waiting.size > 0) fail(new WorkError(`a worker thread ended with code ${code} before it answered`));
    });
    return { worker, waiting };
  });

  return {
    begin(data) {
      for (const { worker } of threads) worker.postMessage({ begin: data });
    },
    run(task, transfer = []) {
      if (broken) return Promise.reject(broken);
      const thread = threads.reduce((least, other) => (other.waiting.size < least.waiting.size ? other : least));
      const id = nextId++;
      return new Promise<Answer>((resolve, reject) => {
        thread.waiting.set(id, { resolve, reject });
        thread.worker.postMessage({ id, task }, transfer);
      });
    },
    async close() {
      broken ??= new WorkError('the worker threads were closed');
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}
