import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { SpecError } from '../../src/server/error';
import { hasThread } from '../../src/threads/threadOfAddress';
import { MemoryThreads } from './memoryThreads';
import { shown } from './threads';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What a promise has become by now. */
async function now<Value>(promise: Promise<Value>): Promise<Value | 'waits'> {
  await vi.advanceTimersByTimeAsync(0);
  return Promise.race([promise, Promise.resolve('waits' as const)]);
}

describe('a thread that an address names', () => {
  it('is found among those of a spec that is open, without asking', async () => {
    const threads = new MemoryThreads([shown('t')]);
    const load = vi.spyOn(threads, 'load');
    expect(await hasThread(threads, 't')).toBe(true);
    expect(load).not.toHaveBeenCalled();
  });

  it('is waited for while the spec is opened', async () => {
    const threads = new MemoryThreads();
    threads.isReady = false;
    const found = hasThread(threads, 't');
    threads.changed.tell('threads');
    expect(await now(found)).toBe('waits');
    threads.isReady = true;
    threads.all = [shown('t')];
    expect(await now(found)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is asked for if it is closed; there may be none', async () => {
    const threads = new MemoryThreads();
    threads.closed = [shown('old', { state: 'resolved' })];
    expect(await hasThread(threads, 'old')).toBe(true);
    expect(threads.find('old')).not.toBeNull();
    expect(await hasThread(threads, 'none')).toBe(false);
  });

  it('is asked for by itself where the others could not be loaded, and in the end in any case', async () => {
    const threads = new MemoryThreads();
    threads.isReady = false;
    threads.closed = [shown('t')];
    threads.error = new SpecError(SpecError.UNREACHABLE, '');
    expect(await now(hasThread(threads, 't'))).toBe(true);
    threads.error = null;
    const found = hasThread(threads, 'none');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await now(found)).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not given up for one that could not be asked for', async () => {
    const threads = new MemoryThreads();
    const error = new SpecError(SpecError.UNREACHABLE, '');
    vi.spyOn(threads, 'load').mockRejectedValue(error);
    await expect(hasThread(threads, 't')).rejects.toBe(error);
  });
});
