import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { correspondence } from '../../src/preview/correspondence';

const lists = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 12 });

function compared(before: readonly string[], after: readonly string[]): number[] {
  return [...correspondence(before, after).from];
}

describe('which block continues which', () => {
  it('no block is continued twice, and a block with the same key before any other', () => {
    fc.assert(
      fc.property(lists, lists, (before, after) => {
        const from = compared(before, after).filter(index => index >= 0);
        expect(new Set(from).size).toBe(from.length);
        const count = (list: readonly string[], key: string) =>
          list.filter(each => each === key).length;
        for (const key of new Set(after)) {
          const kept = compared(before, after).filter(
            (index, at) => after[at] === key && before[index] === key
          );
          expect(kept).toHaveLength(Math.min(count(before, key), count(after, key)));
        }
      })
    );
  });

  it('equal lists correspond one to one', () => {
    fc.assert(
      fc.property(lists, list => {
        expect(compared(list, list)).toEqual([...list.keys()]);
      })
    );
  });

  it('a block that changed takes the place of itself as it was', () => {
    expect(compared(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual([0, 1, 2]);
    expect(compared(['a', 'b', 'c'], ['a', 'x', 'b', 'c'])).toEqual([0, -1, 1, 2]);
    expect(compared(['a', 'b', 'c'], ['c', 'a', 'b'])).toEqual([2, 0, 1]);
  });

  it('a block that is split, or changes below a new one, does too', () => {
    expect(compared(['a', 'b', 'c'], ['a', 'x', 'y', 'c'])).toEqual([0, 1, -1, 2]);
    expect(compared(['a', 'b', 'c'], ['n', 'a', 'x', 'c'])).toEqual([-1, 0, 1, 2]);
    expect(compared(['a'], ['x'])).toEqual([0]);
  });
});
