// @vitest-environment node
import { describe, expect, test } from 'vitest';

import {
  apply,
  codePointLength,
  compose,
  EMPTY,
  InvalidOperation,
  invert,
  normalise,
  normaliseNewlines,
  Operation,
  OperationBuilder,
  transform,
  type Component
} from '../../src/text';
import { unitIndex } from '../../src/text/codePoints';

describe('code points', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['é字', 2],
    ['a😀b🤖', 4],
    ['\ud83d', 1],
    ['\ude00\ud83d', 2],
    ['\ud83d\ud83d\ude00', 2]
  ])('%j has %i', (text, length) => {
    expect(codePointLength(text)).toBe(length);
  });

  test('have the right UTF-16 index', () => {
    expect([0, 1, 2, 3, 9].map(count => unitIndex('a😀b', count))).toEqual([0, 1, 3, 4, 4]);
    expect(unitIndex('a😀b', 1, 1)).toBe(3);
  });
});

describe('an operation', () => {
  test('is merged and trimmed', () => {
    const operation = Operation.of(1, 2, '', 'a', 'b', -1, 0, -2, 5, 6);
    expect(operation.components).toEqual([3, 'ab', -3]);
  });

  test('keeps the order of inserts and deletes', () => {
    const builder = new OperationBuilder();
    builder.delete(2);
    builder.insert('x');
    builder.retain(3);
    expect(builder.build().components).toEqual([-2, 'x']);
  });

  test('does not change when its builder is used again', () => {
    const builder = new OperationBuilder();
    builder.insert('x');
    const first = builder.build();
    builder.insert('y');
    expect(first.components).toEqual(['x']);
    expect(builder.build().components).toEqual(['xy']);
  });

  test('counts code points', () => {
    const operation = Operation.of(1, '😀😀', -3);
    expect([operation.baseLength, operation.lengthChange]).toEqual([4, -1]);
    expect(apply(operation, '🤖🤖🤖🤖x')).toBe('🤖😀😀x');
  });

  test.each<[Component[], Component[]]>([
    [[], []],
    [[3], []],
    [[0, '', 3, 0], []],
    [
      [1, 2, 'a'],
      [3, 'a']
    ],
    [
      [-1, 'a', -1],
      ['a', -2]
    ],
    [
      ['a', -1, 'b', -2, 'c'],
      ['abc', -3]
    ],
    [
      [2, -1, 'b', 0, -1, 1, 'c', 4],
      [2, 'b', -2, 1, 'c']
    ],
    [
      [1, -1, 1, 'x'],
      [1, -1, 1, 'x']
    ]
  ])('%j has the normal form %j', (written, normal) => {
    expect(normalise(new Operation(written)).components).toEqual(normal);
  });

  test.each<[Component[]]>([[[3, 'x']], [[-3]], [[1, -2]]])(
    '%j is refused for a text that is too short',
    components => {
      const operation = new Operation(components);
      expect(() => apply(operation, '😀b')).toThrow(InvalidOperation);
      expect(() => apply(operation, '😀b')).toThrow('at least 3 code points; this one has 2');
      expect(() => invert(operation, '😀b')).toThrow(InvalidOperation);
    }
  );
});

describe('transform', () => {
  test('keeps text that is inserted into a deleted range', () => {
    const [deletion, insertion] = [Operation.of(2, -4), Operation.of(4, 'x')];
    expect(transform(insertion, deletion, 'left').components).toEqual([2, 'x']);
    expect(transform(deletion, insertion, 'left').components).toEqual([2, -2, 1, -2]);
  });

  test('deletes text once if both operations delete it', () => {
    const deletion = Operation.of(1, -3);
    expect(transform(deletion, Operation.of(2, -3), 'left').components).toEqual([1, -1]);
    expect(transform(deletion, deletion, 'left')).toEqual(EMPTY);
  });

  test('puts the operation with priority left first', () => {
    const [later, earlier] = [Operation.of(1, 'X'), Operation.of(1, 'Y')];
    expect(apply(transform(later, earlier, 'left'), 'aYb')).toBe('aXYb');
    expect(apply(transform(earlier, later, 'right'), 'aXb')).toBe('aXYb');
  });

  test('against a composition differs from a transform against each in turn', () => {
    const [mine, first, second] = [Operation.of(1, 'M'), Operation.of(-2), Operation.of('x')];
    const singly = transform(normalise(transform(mine, first, 'left')), second, 'left');
    const atOnce = transform(mine, normalise(compose(first, second)), 'left');
    expect(apply(singly, 'x')).toBe('Mx');
    expect(apply(atOnce, 'x')).toBe('xM');
  });
});

test('every line end from outside becomes a line feed', () => {
  expect(normaliseNewlines('a\r\nb\rc\nd\r\r\n\n')).toBe('a\nb\nc\nd\n\n\n');
});
