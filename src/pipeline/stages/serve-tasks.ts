import { parentPort, type Transferable } from 'node:worker_threads';

type MaybePromise<T> = T | Promise<T>;

/** Answers one task; what it pushes to `transfer` moves to the caller instead of being copied. */
export type Serve<Task, Answer> = (task: Task, transfer: Transferable[]) => MaybePromise<Answer>;

/**
 * The thread's side of `startWorkerPool`: `start` is given what the pool began with, its function every task after, one at a time
 * in the order they came. An error of either is the answer to the task.
 */
export function serveTasks<Data, Task, Answer>(start: (data: Data) => MaybePromise<Serve<Task, Answer>>): void {
  const port = parentPort;
  if (!port) throw new Error('this file runs in a worker thread');
  let serve: Promise<Serve<Task, Answer>>;
  let last: Promise<void> = Promise.resolve();
  port.on('message', (message: { begin: Data } | { id: number; task: Task }) => {
    if ('begin' in message) {
      serve = (async () => start(message.begin))();
      serve.catch(() => {});
      return;
    }
    const { id, task } = message;
    last = last.then(async () => {
      try {
        const transfer: Transferable[] = [];
        const answer = await (await serve)(task, transfer);
        port.postMessage({ id, answer }, transfer);
      } catch (error) {
        const { name, message } = error as Error;
        port.postMessage({ id, error: { name, message } });
      }
    });
  });
}
