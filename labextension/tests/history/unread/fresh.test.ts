// @vitest-environment node
/** Which letters are new to a reader. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  arrived,
  edited,
  type Fresh,
  freshSince,
  isNothing,
  nothingFresh,
  oldestUnseen,
  piecesBetween,
  seen,
  withGone
} from '../../../src/history/unread/fresh';
import { Attribution, Operation, Text } from '../../../src/text';
import { content, operationOn } from '../../kit/arbitraries';

const BY = { userId: 'grace', time: 0 };

/** What is told of each code point: the version that brought it, less than 0 once it was seen. */
function marks({ letters }: Fresh): number[] {
  return letters.runs.flatMap(([length, version]) => Array<number>(length).fill(version));
}

/** The same, as each code point is followed by itself. */
function followed(before: readonly number[], operation: Operation, version: number): number[] {
  const after: number[] = [];
  let base = 0;
  for (const component of operation.components) {
    if (typeof component === 'string') {
      after.push(...[...component].map(() => version));
    } else {
      after.push(...(component > 0 ? before.slice(base, base + component) : []));
      base += Math.abs(component);
    }
  }
  return [...after, ...before.slice(base)];
}

describe('what is new', () => {
  it('is what others wrote since, letter by letter', () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(), fc.nat(), fc.nat()), { maxLength: 12 });
    fc.assert(
      fc.property(content, steps, fc.gen(), (start, taken, gen) => {
        let text = Text.of(start);
        let fresh = nothingFresh(text.length);
        let expected = Array<number>(text.length).fill(0);
        taken.forEach(([isOwn, one, other, viewed], index) => {
          const operation = gen(operationOn, text.length);
          const version = index + 1;
          fresh = isOwn ? edited(fresh, operation) : arrived(fresh, operation, version, BY);
          expected = followed(expected, operation, isOwn ? 0 : version);
          text = text.apply(operation);
          if (viewed % 2) {
            const ends = [one, other].map(each => each % (text.length + 1));
            const [from, to] = [Math.min(...ends), Math.max(...ends)];
            fresh = seen(fresh, from, to);
            expected = expected.map((each, at) =>
              at >= from && at < to && each > 0 ? -each : each
            );
          }
        });
        expect(marks(fresh).map(each => each + 0)).toEqual(expected);
        expect(fresh.gone.every(({ at }) => at >= 0 && at <= text.length)).toBe(true);
        const unseen = [
          ...expected.filter(each => each > 0),
          ...fresh.gone.flatMap(({ version, isSeen }) => (isSeen ? [] : version))
        ];
        expect(oldestUnseen(fresh)).toBe(unseen.length ? Math.min(...unseen) : null);
      })
    );
  });

  it('is not what one wrote oneself, nor what is not saved', () => {
    const attribution = Attribution.of([
      [3, 1],
      [2, 5],
      [4, 6],
      [1, Infinity]
    ]);
    const bylines = new Map([
      [1, BY],
      [5, BY],
      [6, { userId: 'ada', time: 1 }]
    ]);
    const fresh = freshSince(attribution, bylines, 4, 'ada');
    expect(piecesBetween(fresh, 0, 10)).toEqual([
      { from: 3, to: 5, version: 5, by: BY, isSeen: false }
    ]);
    expect([...fresh.bylines.versions]).toEqual([5]);
    expect(isNothing(freshSince(attribution, bylines, 5, 'ada'))).toBe(true);
  });

  it('tells where letters are gone, unless something stands there or they were new', () => {
    const start = nothingFresh(20);
    const gone = arrived(start, Operation.of(5, -3), 7, BY);
    expect(piecesBetween(gone, 0, 20)).toEqual([
      { from: 5, to: 5, version: 7, by: BY, isSeen: false }
    ]);
    expect(oldestUnseen(seen(gone, 4, 6))).toBeNull();
    expect(edited(gone, Operation.of('ab')).gone[0].at).toBe(7);
    expect(arrived(start, Operation.of(5, -3, 'new'), 7, BY).gone).toEqual([]);
    const typed = arrived(start, Operation.of(5, 'typo'), 7, BY);
    expect(arrived(typed, Operation.of(6, -2), 8, BY).gone).toEqual([]);
  });

  it('keeps a bounded number of such places, and none of their versions gets lost', () => {
    const places = Array.from({ length: 1_000 }, (_, index) => ({
      at: 4 * index,
      version: index + 10,
      by: BY,
      isSeen: false
    }));
    const fresh = withGone(nothingFresh(5_000), places);
    expect(fresh.gone.length).toBeLessThanOrEqual(200);
    expect(oldestUnseen(fresh)).toBe(10);
  });

  it('costs what an edit touches, however much is new', () => {
    let fresh = nothingFresh(100_000);
    const { bylines } = fresh;
    for (let version = 1; version <= 5_000; version++) {
      const at = (version * 7919) % 100_000;
      const before = new Set(fresh.letters.chunks);
      const operation = version % 2 ? Operation.of(at, 'x') : Operation.of(at, -1);
      fresh = arrived(fresh, operation, version, BY);
      expect(fresh.letters.chunks.filter(chunk => !before.has(chunk)).length).toBeLessThan(5);
    }
    expect(fresh.bylines).toBe(bylines);
  });

  it('forgets who made what is not told any more', () => {
    let fresh = nothingFresh(0);
    for (let version = 1; version <= 5_000; version += 2) {
      fresh = arrived(fresh, Operation.of('x'), version, BY);
      fresh = arrived(fresh, Operation.of(-1), version + 1, BY);
    }
    expect([...fresh.bylines.versions].length).toBeLessThan(1_100);
  });
});
