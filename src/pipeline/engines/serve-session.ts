import { UsageError } from '../errors.js';
import { type Serve, serveTasks } from '../stages/serve-tasks.js';
import type { Engine, EngineOptions } from './engine.js';
import { throughGate } from './native-gate.js';
import type { SessionAnswer, SessionTask, SessionWorkerData } from './session-threads.js';

/** The thread's side of `openThreads`: opens its session at once, then answers one task after the other. */
export function serveSession(open: (options: EngineOptions) => Promise<Engine>): void {
  serveTasks(({ gate, options }: SessionWorkerData) => {
    const notes: string[] = [];
    const inside = <T>(work: () => Promise<T>) => throughGate(gate, work);
    const opening = inside(() => open({ ...options, onNote: (note) => void notes.push(note) }));
    return answerSession(opening, inside, notes);
  });
}

/**
 * Answers with what a session gives. Errors travel as answers, so that a wrong call stays one.
 * @param notes what the session has noted: goes out with the next answer, and is empty then
 */
export function answerSession(
  opening: Promise<Engine>,
  inside: <T>(work: () => Promise<T>) => Promise<T> = (work) => work(),
  notes: string[] = [],
): Serve<SessionTask, SessionAnswer> {
  opening.catch(() => {});
  return async (task, transfer) => {
    try {
      const session = await opening;
      if (task.kind === 'open') return { kind: 'opened', info: session.info };
      const outputs = await inside(() => session.infer(task.images));
      for (const { labels, heat } of outputs) {
        transfer.push(labels.buffer as ArrayBuffer);
        if (heat) transfer.push(heat.values.buffer as ArrayBuffer);
      }
      return { kind: 'outputs', outputs, notes: notes.splice(0) };
    } catch (error) {
      const { message, stack } = error as Error;
      return { kind: 'failed', usage: error instanceof UsageError, message, stack: stack ?? message };
    }
  };
}
