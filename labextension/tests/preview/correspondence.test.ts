import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Blocks, type Content, type Region } from '../../src/preview/blocks';
import { BlockCorrespondence, correspondence } from '../../src/preview/correspondence';

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

/** Regions of blocks with these keys. */
function regionsOf(lists: readonly (readonly string[])[]): Region[] {
  return lists.map(keys => {
    const blocks = keys.map(key => ({ content: { key } as Content, from: 0, to: 0, tasks: [] }));
    return { chunks: [], blocks };
  });
}

describe('which block continues which, where most regions are the same', () => {
  it('both directions agree, and a region that is the same continues itself', () => {
    const regions = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 }), {
      maxLength: 5
    });
    fc.assert(
      fc.property(regions, regions, regions, regions, (above, old, now, below) => {
        const before = new Blocks(regionsOf([...above, ...old, ...below]), []);
        const known = before.regions;
        const after = new Blocks(
          [
            ...known.slice(0, above.length),
            ...regionsOf(now),
            ...known.slice(above.length + old.length)
          ],
          []
        );
        const same = new BlockCorrespondence(before, after);
        const from = Array.from({ length: after.length }, (_, index) => same.before(index));
        from.forEach((found, index) => found >= 0 && expect(same.after(found)).toBe(index));
        for (let index = 0; index < before.length; index++) {
          const found = same.after(index);
          if (found >= 0) {
            expect(from[found]).toBe(index);
          }
          const last = from.findLastIndex(each => each >= 0 && each <= index);
          expect(same.lastUpTo(index)).toBe(last);
        }
        const head = above.flat().length;
        expect(from.slice(0, head)).toEqual([...Array(head).keys()]);
        const tail = below.flat().length;
        expect(from.slice(from.length - tail)).toEqual(
          Array.from({ length: tail }, (_, index) => before.length - tail + index)
        );
      })
    );
  });
});
