import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Io } from '../../src/commands/command.js';
import { listenForSuspension } from '../../src/commands/suspension.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function asleep() {
  const said: string[] = [];
  const signals = new EventEmitter();
  const stop = () => said.push(`stop, heard by ${signals.listenerCount('SIGTSTP')}`);
  const sleeper = { pause: () => said.push('pause'), resume: () => said.push('resume') };
  return { said, signals, ...listenForSuspension({ signals, stop } as unknown as Io, sleeper) };
}

describe('suspension', () => {
  it('gives the terminal back, stops with nobody there to hear the signal, and comes back with SIGCONT', () => {
    const { said, signals, suspend } = asleep();
    suspend();
    expect(said).toEqual(['pause', 'stop, heard by 0']);
    signals.emit('SIGCONT');
    expect(said.slice(2)).toEqual(['resume']);
    vi.runAllTimers();
    expect(said).toHaveLength(3);
    signals.emit('SIGTSTP');
    expect(said.slice(3)).toEqual(['pause', 'stop, heard by 0']);
  });

  it('goes on where the system does not stop it', () => {
    const { said, suspend } = asleep();
    suspend();
    vi.runAllTimers();
    expect(said.at(-1)).toBe('resume');
  });

  it('draws anew after a stop that it did not see coming', () => {
    const { said, signals } = asleep();
    signals.emit('SIGCONT');
    signals.emit('SIGCONT');
    expect(said).toEqual(['resume', 'resume']);
    expect(signals.listenerCount('SIGTSTP')).toBe(1);
  });

  it('hears nothing once the screen has gone', () => {
    const { said, signals, suspend, unlisten } = asleep();
    suspend();
    unlisten();
    vi.runAllTimers();
    expect(said).not.toContain('resume');
    expect(signals.eventNames()).toEqual([]);
  });
});
