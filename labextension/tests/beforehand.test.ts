/** What is loaded while the page has nothing to do. */
import './kit/lab';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { loadBeforehand } from '../src/beforehand';

describe('what is loaded while the page has nothing to do', () => {
  afterEach(() => vi.restoreAllMocks());

  it('comes one after the other, each in an idle moment, though one of them fails', async () => {
    const idle: (() => void)[] = [];
    vi.spyOn(window, 'requestIdleCallback').mockImplementation(call => {
      idle.push(() => call({ didTimeout: false, timeRemaining: () => 5 }));
      return idle.length;
    });
    const asked: string[] = [];
    let fail: (error: unknown) => void = () => undefined;
    const done = loadBeforehand([
      () => {
        asked.push('first');
        return new Promise((_, reject) => (fail = reject));
      },
      () => {
        asked.push('second');
        return Promise.resolve();
      }
    ]);
    expect(asked).toEqual([]);
    idle[0]!();
    await vi.waitFor(() => expect(asked).toEqual(['first']));
    expect(idle).toHaveLength(1);
    fail(new Error('Loading chunk 7 failed.'));
    await vi.waitFor(() => expect(idle).toHaveLength(2));
    expect(asked).toEqual(['first']);
    idle[1]!();
    await done;
    expect(asked).toEqual(['first', 'second']);
  });
});
