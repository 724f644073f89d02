// @vitest-environment node
import fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  codePointLength,
  Operation,
  transform,
  transformPosition,
  transformRange,
  type Component
} from '../../src/text';
import { editsOf, RUNS } from './arbitraries';

test.each<[number, Component[], number, number]>([
  [2, [1, 'x😀'], 4, 4],
  [2, [2, 'x😀'], 2, 4],
  [2, [3, 'xx'], 2, 2],
  [4, [1, -2], 2, 2],
  [2, [1, -5], 1, 1],
  [2, [1, 'xx', -5], 3, 3],
  [1, [1, 'xx', -5], 1, 3],
  [0, [], 0, 0]
])('%i over %j', (position, components, before, after) => {
  const operation = new Operation(components);
  expect(transformPosition(position, operation, 'before')).toBe(before);
  expect(transformPosition(position, operation, 'after')).toBe(after);
  expect(transformPosition(position, operation)).toBe(after);
});

test('a position moves as an insert does', () => {
  fc.assert(
    fc.property(editsOf(1), fc.nat(20), ({ text, operations: [operation] }, at) => {
      const position = Math.min(at, codePointLength(text));
      const marked = Operation.of(position, '|');
      for (const [side, priority] of [
        ['after', 'right'],
        ['before', 'left']
      ] as const) {
        const first = transform(marked, operation, priority).components[0];
        const expected = typeof first === 'number' ? first : 0;
        expect(transformPosition(position, operation, side)).toBe(expected);
      }
    }),
    RUNS
  );
});

test('a range does not include text typed at its ends', () => {
  const bothEnds = Operation.of(2, 'xx', 3, 'yy');
  expect(transformRange(2, 5, bothEnds)).toEqual([4, 7]);
  expect(transformRange(2, 5, bothEnds, 'before', 'after')).toEqual([2, 9]);
});

test('an empty range stays empty', () => {
  expect(transformRange(2, 2, Operation.of(2, 'xx'))).toEqual([4, 4]);
  expect(transformRange(2, 2, Operation.of(2, 'xx'), 'before', 'after')).toEqual([2, 2]);
});

test('a range that is deleted becomes empty', () => {
  expect(transformRange(2, 5, Operation.of(1, 'new', -6))).toEqual([4, 4]);
  expect(transformRange(2, 5, Operation.of(2, 'new', -3))).toEqual([5, 5]);
});
