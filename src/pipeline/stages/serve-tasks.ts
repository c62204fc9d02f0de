import { parentPort, type Transferable } from 'node:worker_threads';

type MaybePromise<T> = T | Promise<T>;

/** Answers one task; what it pushes to `transfer` moves to the caller instead of being copied. */
export type Serve<Task, Answer> = (task: Task, transfer: Transferable[]) => MaybePromise<Answer>;

/** Where messages come from and go to: the pool's side of a thread or of a process that was forked. */
interface Port {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
}

/**
 * The thread's or the process's own side: `start` is given what it begins with, its function every task after, one at a time in the
 * order they came. An error of either is the answer to the task.
 */
export function serveTasks<Data, Task, Answer>(start: (data: Data) => MaybePromise<Serve<Task, Answer>>): void {
  const port = (parentPort as Port | null) ?? processPort();
  let serve: Promise<Serve<Task, Answer>>;
  let last: Promise<void> = Promise.resolve();
  port.on('message', (value) => {
    const message = value as { begin: Data } | { id: number; task: Task };
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

/** A process can't be given memory: all that is sent is copied. */
function processPort(): Port {
  if (!process.send) throw new Error('this file runs in a worker thread or in a process that was forked');
  return {
    on: (event, listener) => process.on(event, listener),
    postMessage: (message) => void process.send?.(message),
  };
}
