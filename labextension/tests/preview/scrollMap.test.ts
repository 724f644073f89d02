import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { acrossFrom, focusOf, type Knot, scrollFor } from '../../src/preview/scrollMap';

const gaps = fc.array(fc.tuple(fc.nat(300), fc.nat(300)), { minLength: 1, maxLength: 12 });
const places = fc.tuple(fc.nat(4_000), fc.nat(4_000));

function knotsOf(steps: readonly (readonly [number, number])[], least: number): Knot[] {
  let [source, preview] = [0, 0];
  return [
    { source, preview },
    ...steps.map(([one, other]) => {
      source += one + least;
      preview += other + least;
      return { source, preview };
    })
  ];
}

describe('a place of one side on the other one', () => {
  it('the map ascends', () => {
    fc.assert(
      fc.property(
        gaps,
        places,
        fc.constantFrom('source', 'preview'),
        (steps, [one, other], side) => {
          const knots = knotsOf(steps, 0);
          const [low, high] = [Math.min(one, other), Math.max(one, other)];
          expect(acrossFrom(knots, side, low)).toBeLessThanOrEqual(acrossFrom(knots, side, high));
        }
      )
    );
  });

  it('both directions agree', () => {
    fc.assert(
      fc.property(gaps, fc.nat(4_000), (steps, place) => {
        const knots = knotsOf(steps, 1);
        const there = acrossFrom(knots, 'source', place);
        expect(acrossFrom(knots, 'preview', there)).toBeCloseTo(place, 6);
      })
    );
  });

  it('a knot is where it is', () => {
    fc.assert(
      fc.property(gaps, steps => {
        const knots = knotsOf(steps, 1);
        knots.forEach(({ source, preview }) =>
          expect(acrossFrom(knots, 'source', source)).toBeCloseTo(preview, 6)
        );
      })
    );
  });
});

describe('how far a side is scrolled', () => {
  const sides = fc.record({
    height: fc.integer({ min: 1, max: 9_000 }),
    seen: fc.integer({ min: 1, max: 900 })
  });

  it('scrolling for a focus gives that focus again', () => {
    fc.assert(
      fc.property(sides, fc.double({ min: 0, max: 1, noNaN: true }), (side, share) => {
        const room = Math.max(0, side.height - side.seen);
        const top = share * room;
        expect(scrollFor(focusOf({ ...side, top }), side)).toBeCloseTo(top, 6);
      })
    );
  });

  it('both ends come together', () => {
    const side = { height: 5_000, seen: 500 };
    expect(focusOf({ ...side, top: 0 })).toBe(0);
    expect(focusOf({ ...side, top: 4_500 })).toBe(5_000);
  });
});
