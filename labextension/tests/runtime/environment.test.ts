import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { browserEnvironment } from '../../src/runtime';

describe('a browser page wakes', () => {
  let woken = 0;
  let stop: () => void;

  beforeEach(() => {
    vi.useFakeTimers();
    woken = 0;
    stop = browserEnvironment.onWake(() => (woken += 1));
  });

  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  it.each([
    ['the network is back', () => window.dispatchEvent(new Event('online'))],
    ['it is shown again', () => document.dispatchEvent(new Event('visibilitychange'))],
    ['it comes out of the browser’s cache', () => window.dispatchEvent(new Event('pageshow'))],
    [
      'the clock has jumped, which is all that a visible page sees of a sleeping machine',
      () => {
        vi.setSystemTime(Date.now() + 3_600_000);
        vi.advanceTimersByTime(5_000);
      }
    ]
  ])('when %s', (_, happen) => {
    vi.advanceTimersByTime(60_000);
    expect(woken).toBe(0);
    happen();
    expect(woken).toBe(1);
    vi.advanceTimersByTime(60_000);
    expect(woken).toBe(1);
    stop();
    happen();
    expect(woken).toBe(1);
  });
});
