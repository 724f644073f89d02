import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { estimated, Heights, RegionHeights } from '../../src/preview/heights';

const values = fc.array(fc.nat(200), { minLength: 1, maxLength: 50 });
const cuts = fc.array(fc.nat(50), { maxLength: 5 });
const changes = fc.array(fc.tuple(fc.nat(60), fc.nat(200)), { maxLength: 20 });

/** The heights in regions that end at these places, some of which may be empty. */
function regionsOf(list: readonly number[], places: readonly number[]): RegionHeights[] {
  const ends = [...places.toSorted((one, other) => one - other), list.length];
  return ends.map(
    (end, index) => new RegionHeights(Float64Array.from(list.slice(ends[index - 1] ?? 0, end)))
  );
}

describe('heights', () => {
  it('the tops ascend, and a block holds its own top, whatever is measured when', () => {
    fc.assert(
      fc.property(values, cuts, changes, (list, places, measured) => {
        const heights = new Heights(regionsOf(list, places));
        const now = [...list];
        for (const [index, height] of measured) {
          heights.topOf(index % 7);
          const growth = heights.set(index, height);
          if (index < now.length) {
            expect(growth).toBe(height - now[index]!);
            now[index] = height;
          }
        }
        let top = 0;
        now.forEach((height, index) => {
          expect(heights.topOf(index)).toBe(top);
          if (height > 0) {
            expect(heights.indexAt(top)).toBe(index);
            expect(heights.indexAt(top + height - 0.5)).toBe(index);
          }
          top += height;
        });
        expect(heights.total).toBe(top);
      })
    );
  });

  it('are estimated by lines', () => {
    expect(estimated('one')).toBeLessThan(estimated('one\ntwo'));
    expect(estimated('x'.repeat(500))).toBeGreaterThan(estimated('x'.repeat(100)));
  });
});
