import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  GAP,
  gathered,
  near,
  placed,
  type WantedCard
} from '../../../src/threads/margin/placement';

/** Cards in the order of their passages, and the id of one of them or none. */
const scene = fc
  .array(fc.record({ step: fc.nat(400), height: fc.integer({ min: 20, max: 300 }) }), {
    maxLength: 40
  })
  .chain(steps => {
    let top = 0;
    const cards = steps.map(({ step, height }, index): WantedCard => {
      top += step < 200 ? 0 : step;
      return { id: `c${index}`, top, height };
    });
    const selected = fc.constantFrom(null, ...cards.map(({ id }) => id));
    return fc.record({ cards: fc.constant(cards), selected });
  });

describe('cards beside the text', () => {
  it('keep the order of the passages and never overlap', () => {
    fc.assert(
      fc.property(scene, ({ cards, selected }) => {
        const found = placed(cards, selected);
        expect(found.map(({ id }) => id)).toEqual(cards.map(({ id }) => id));
        found.forEach((card, index) => {
          const before = found[index - 1];
          if (before) {
            expect(card.top).toBeGreaterThanOrEqual(before.top + before.height + GAP - 1e-6);
          }
        });
      })
    );
  });

  it('stand beside their passages: the selected one always, the others where there is room', () => {
    fc.assert(
      fc.property(scene, ({ cards, selected }) => {
        const found = placed(cards, selected);
        const at = cards.findIndex(({ id }) => id === selected);
        found.forEach((card, index) => {
          const wanted = cards[index]!;
          if (index === at) {
            expect(card.top).toBe(wanted.top);
          } else if (index > at) {
            // Lower than it wants only where it touches the one before.
            const before = found[index - 1];
            const free = before ? before.top + before.height + GAP : -Infinity;
            expect(card.top).toBe(Math.max(wanted.top, free));
          }
        });
      })
    );
  });

  it('do not jump: where passages move a little, the cards do', () => {
    const moves = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), {
      minLength: 40,
      maxLength: 40
    });
    fc.assert(
      fc.property(scene, moves, ({ cards, selected }, by) => {
        const later = cards.map((card, index) => ({ ...card, top: card.top + by[index]! }));
        const [one, other] = [placed(cards, selected), placed(later, selected)];
        one.forEach(({ top }, index) =>
          expect(Math.abs(other[index]!.top - top)).toBeLessThanOrEqual(5 + 1e-6)
        );
        const higher = cards.map((card, index) => ({
          ...card,
          height: card.height + Math.abs(by[index]!)
        }));
        placed(higher, selected).forEach(({ top }, index) =>
          expect(Math.abs(top - one[index]!.top)).toBeLessThanOrEqual(5 * cards.length + 1e-6)
        );
      })
    );
  });

  it('are each looked at a few times, however many there are', () => {
    let looks = 0;
    const cards = Array.from({ length: 500 }, (_, index) => ({
      id: `c${index}`,
      get top() {
        looks++;
        return 3 * index;
      },
      get height() {
        looks++;
        return 90;
      }
    }));
    placed(cards, 'c499');
    expect(looks).toBeLessThanOrEqual(4 * 500);
  });

  it('are in the page only near the view, and the one that is written in', () => {
    const cards = placed(
      Array.from({ length: 100 }, (_, index) => ({ id: `c${index}`, top: 50 * index, height: 40 }))
    );
    const ids = near(cards, 1_000, 1_200, 'c90').map(({ id }) => id);
    expect(ids).toEqual(['c20', 'c21', 'c22', 'c23', 'c24', 'c90']);
  });
});

describe('signs in the narrow margin', () => {
  it('tell of each thread once, in order, and never overlap', () => {
    fc.assert(
      fc.property(scene, ({ cards }) => {
        const markers = gathered(cards, 24);
        expect(markers.flatMap(({ ids }) => ids)).toEqual(cards.map(({ id }) => id));
        markers.forEach(({ top }, index) => {
          if (index > 0) {
            expect(top).toBeGreaterThanOrEqual(markers[index - 1]!.top + 24);
          }
        });
      })
    );
  });
});
