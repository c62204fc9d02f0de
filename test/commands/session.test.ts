import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Io } from '../../src/commands/command.js';
import { runAndReport } from '../../src/commands/session.js';
import type { RunContext } from '../../src/pipeline/events.js';
import type { RunResult } from '../../src/pipeline/requests.js';
import type { OutputStream } from '../../src/ui/text-output.js';

/** A stream that keeps what is written; `broken` makes each write fail as a pipe without a reader does. */
class Paper extends EventEmitter implements OutputStream {
  text = '';
  broken = false;
  write(text: string, done?: (error?: Error | null) => void): boolean {
    const error = this.broken ? Object.assign(new Error('EPIPE'), { code: 'EPIPE' }) : null;
    if (!error) this.text += text;
    process.nextTick(() => {
      done?.(error);
      if (error) this.emit('error', error);
    });
    return true;
  }
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'maskaudit-session-'));
  writeFileSync(path.join(folder, 'summary.json'), '{"schema":1,"images":0}\n');
  const dataset = { maskEncoding: 'auto', thresholds: {} };
  const header = { journal: 1, command: 'audit', root: folder, model: null, predictions: null, shard: null, dataset };
  writeFileSync(path.join(folder, 'journal.ndjson'), `${JSON.stringify({ ...header, classes: [] })}\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const desk = () => {
  const io = {
    ...{ stdout: new Paper(), stderr: new Paper(), env: {}, cwd: path.dirname(folder), signals: new EventEmitter() },
    leave: vi.fn() as unknown as Io['leave'],
    stop: vi.fn(),
    stdin: { isTTY: false } as Io['stdin'],
    beforeLeaving: () => () => {},
  };
  return io;
};
const result = (given: Partial<RunResult> = {}) =>
  ({
    folder,
    summary: { classes: [] },
    interrupted: false,
    counts: [],
    examples: [],
    ...given,
  }) as unknown as RunResult;
const counts: RunResult['counts'] = [
  { rule: 'P001', severity: 'error', findings: 2 },
  { rule: 'P003', severity: 'warning', findings: 1 },
  { rule: 'L001', severity: 'warning', findings: 0 },
];
const session = (
  io: ReturnType<typeof desk>,
  work: (context: RunContext) => Promise<RunResult>,
  options: Partial<Parameters<typeof runAndReport>[0]['options']> = {},
) =>
  runAndReport(
    { options: { failOn: ['error'], format: 'json', ui: null, quiet: false, ...options }, argv: ['audit', 'DATA'], io },
    { resumes: 'audit', scores: true, csv: null, shown: null, work },
  );
const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));

describe('runAndReport', () => {
  it('prints summary.json itself with --format json', async () => {
    const io = desk();
    expect(await session(io, async () => result())).toBe(0);
    expect(io.stdout.text).toBe('{"schema":1,"images":0}\n');
  });
  it.each([
    [['error'], 1],
    [['warning'], 1],
    [['P001'], 1],
    [['P003'], 1],
    [['L001'], 0],
    [['D001'], 0],
    [['none'], 0],
    [['D001', 'P001'], 1],
  ])('--fail-on %j exits with %i', async (failOn, code) => {
    expect(await session(desk(), async () => result({ counts }), { failOn })).toBe(code);
  });
  it('refuses a --fail-on that names nothing, before the work', async () => {
    const work = vi.fn(async () => result());
    await expect(session(desk(), work, { failOn: ['P999'] })).rejects.toThrow('P999');
    expect(work).not.toHaveBeenCalled();
  });
  it('says that there is no screen yet where one was asked for', async () => {
    const io = desk();
    await session(io, async () => result(), { ui: true });
    expect(io.stderr.text).toContain('--ui');
  });
  it('stops at the first signal, ends with 130 and says how to go on', async () => {
    const io = desk();
    const code = await session(io, async ({ signal }) => {
      io.signals.emit('SIGINT');
      expect(signal.aborted).toBe(true);
      return result({ interrupted: true, counts });
    });
    expect(code).toBe(130);
    expect(io.stderr.text).toMatch(/maskaudit audit DATA --out \S+ --resume\n/);
    expect(io.leave).not.toHaveBeenCalled();
    expect(io.signals.listenerCount('SIGINT')).toBe(0);
  });
  it('leaves at the second signal, unless it is the same key press delivered twice', async () => {
    const io = desk();
    await session(io, async () => {
      io.signals.emit('SIGTERM');
      io.signals.emit('SIGINT');
      expect(io.leave).not.toHaveBeenCalled();
      await new Promise((resolve) => setTimeout(resolve, 150));
      io.signals.emit('SIGINT');
      expect(io.leave).toHaveBeenCalledWith(130);
      return result({ interrupted: true });
    });
  });
  it('is interrupted, not broken, where the run gave up before its first image', async () => {
    const io = desk();
    const code = await session(io, async ({ signal }) => {
      io.signals.emit('SIGINT');
      signal.throwIfAborted();
      return result();
    });
    expect(code).toBe(130);
    expect(io.stderr.text).toContain('nothing was written');
  });
  it('stops the run where the reader of stdout has gone', async () => {
    const io = desk();
    io.stdout.broken = true;
    const code = await session(
      io,
      async ({ signal, emit }) => {
        emit({ type: 'note', message: 'one' });
        await aborted(signal);
        return result({ interrupted: true });
      },
      { format: 'ndjson' },
    );
    expect(code).toBe(130);
  });
  it('passes on what the run throws', async () => {
    const io = desk();
    await expect(session(io, async () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(io.signals.listenerCount('SIGTERM')).toBe(0);
  });
});
