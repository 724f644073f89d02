// @vitest-environment node
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { finish } from '../../src/text/steps';
import { Budget, changesBetween } from '../../src/text/matching';
import {
  differing,
  longestCommonSubsequence,
  type Match,
  type Tokens
} from '../../src/text/subsequence';
import { RUNS } from './arbitraries';

const tokens = fc
  .integer({ min: 1, max: 4 })
  .chain(kinds => fc.array(fc.nat(kinds), { maxLength: 90, size: 'max' }));

/** The rule of `longestCommonSubsequence` on the plain table of lengths. */
function byTheTable(a: Tokens, b: Tokens): Match[] {
  const { start, end, newStart, newEnd } = differing(a, b);
  const [left, right] = [a.slice(start, end), b.slice(newStart, newEnd)];
  const lengths = [left, ...right].map(() => new Array<number>(left.length + 1).fill(0));
  right.forEach((young, row) =>
    left.forEach((old, column) => {
      const longer = Math.max(lengths[row][column + 1], lengths[row + 1][column]);
      lengths[row + 1][column + 1] = old === young ? lengths[row][column] + 1 : longer;
    })
  );
  const matches: Match[] = [];
  let [column, row] = [left.length, right.length];
  while (column && row) {
    if (lengths[row][column - 1] === lengths[row][column]) {
      column--;
    } else if (lengths[row - 1][column] === lengths[row][column]) {
      row--;
    } else {
      matches.push([start + --column, newStart + --row]);
    }
  }
  const beginning = a.slice(0, start).map((_, place): Match => [place, place]);
  const ending = a.slice(end).map((_, index): Match => [end + index, newEnd + index]);
  return [...beginning, ...matches.reverse(), ...ending];
}

test('the matches follow the rule', () => {
  fc.assert(
    fc.property(tokens, tokens, (a, b) => {
      expect(longestCommonSubsequence(a, b)).toEqual(byTheTable(a, b));
    }),
    RUNS
  );
});

test('the changes turn one list into the other with any budget', () => {
  fc.assert(
    fc.property(tokens, tokens, fc.nat(400), (a, b, pairs) => {
      const made: number[] = [];
      let at = 0;
      for (const { start, end, newStart, newEnd } of finish(
        changesBetween(a, b, new Budget(pairs))
      )) {
        made.push(...a.slice(at, start), ...b.slice(newStart, newEnd));
        at = end;
      }
      expect([...made, ...a.slice(at)]).toEqual(b);
    }),
    RUNS
  );
});

test('a comparison stays within the budget', () => {
  const budget = new Budget(100);
  const numbers = (from: number) => Array.from({ length: 20 }, (_, index) => from + index);
  const change = (start: number, end: number, newStart: number, newEnd: number) => ({
    start,
    end,
    newStart,
    newEnd
  });
  expect(finish(changesBetween(numbers(0), numbers(100), budget))).toEqual([change(0, 20, 0, 20)]);
  expect(finish(changesBetween([1, 2, 3, 4], [5, 2, 3, 6], budget))).toEqual([
    change(0, 1, 0, 1),
    change(3, 4, 3, 4)
  ]);
  expect(budget.compare(change(0, 85, 0, 1))).toBe(false);
  expect(budget.compare(change(0, 84, 0, 1))).toBe(true);
});
