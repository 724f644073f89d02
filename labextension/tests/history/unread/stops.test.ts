// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { nextStop, stopsOf } from '../../../src/history/unread/stops';

describe('the places to go to', () => {
  const stops = stopsOf([
    { from: 10, to: 20 },
    { from: 30, to: 35 },
    { from: 32, to: 33 },
    { from: 400, to: 400 },
    { from: 900, to: 950 }
  ]);

  it('are pieces, and pieces that are near each other together', () => {
    expect(stops).toEqual([
      { from: 10, to: 35 },
      { from: 400, to: 400 },
      { from: 900, to: 950 }
    ]);
    expect(stopsOf([])).toEqual([]);
  });

  it('are gone through one by one, in both directions, round and round', () => {
    const go = (position: number, direction: 1 | -1) => nextStop(stops, position, direction);
    expect([go(0, 1), go(10, 1), go(400, 1), go(900, 1), go(2000, 1)]).toEqual([0, 1, 2, 0, 0]);
    expect([go(2000, -1), go(900, -1), go(400, -1), go(10, -1)]).toEqual([2, 1, 0, 2]);
    expect(nextStop([], 5, 1)).toBe(-1);
  });
});
