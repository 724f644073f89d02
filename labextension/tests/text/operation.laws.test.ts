// @vitest-environment node
import fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  apply,
  codePointLength,
  compose,
  invert,
  normalise,
  Text,
  transform,
  type Priority
} from '../../src/text';
import { editsOf, meaningOf, operationOf, RUNS, sequences, transformed } from './arbitraries';

const PRIORITIES: [Priority, Priority][] = [
  ['left', 'right'],
  ['right', 'left']
];

test('normal form has the same result', () => {
  fc.assert(
    fc.property(editsOf(1), ({ text, operations: [operation] }) => {
      const normal = normalise(operation);
      expect(apply(normal, text)).toBe(apply(operation, text));
      expect(normal).toEqual(operationOf(meaningOf(operation), codePointLength(text)));
    }),
    RUNS
  );
});

test('normal form of a normal form is itself', () => {
  fc.assert(
    fc.property(editsOf(1), ({ operations: [operation] }) => {
      const normal = normalise(operation);
      expect(normalise(normal)).toBe(normal);
      expect(normal === operation || !normal.equals(operation)).toBe(true);
    }),
    RUNS
  );
});

test('normal form is equal exactly for the same meaning', () => {
  fc.assert(
    fc.property(editsOf(2), ({ text, operations: [a, b] }) => {
      const [length, meant] = [codePointLength(text), [meaningOf(a), meaningOf(b)]];
      const alike = operationOf(meant[0], length).equals(operationOf(meant[1], length));
      expect(normalise(a).equals(normalise(b))).toBe(alike);
    }),
    RUNS
  );
});

test('lengths match those of the texts', () => {
  fc.assert(
    fc.property(editsOf(1), ({ text, operations: [operation] }) => {
      const after = [...apply(operation, text)].length;
      expect(operation.baseLength).toBeLessThanOrEqual([...text].length);
      expect(after).toBe([...text].length + operation.lengthChange);
      expect(operation.isEmpty).toBe(normalise(operation).components.length === 0);
    }),
    RUNS
  );
});

test('compose applies both', () => {
  fc.assert(
    fc.property(sequences, ({ text, operations: [a, b] }) => {
      const expected = apply(b, apply(a, text));
      expect(apply(compose(a, b), text)).toBe(expected);
      expect(apply(compose(normalise(a), normalise(b)), text)).toBe(expected);
    }),
    RUNS
  );
});

test('compose is associative', () => {
  fc.assert(
    fc.property(sequences, ({ operations: [a, b, c] }) => {
      const [left, right] = [compose(compose(a, b), c), compose(a, compose(b, c))];
      expect(normalise(left)).toEqual(normalise(right));
    }),
    RUNS
  );
});

test('transform converges (TP1)', () => {
  fc.assert(
    fc.property(editsOf(2), ({ text, operations }) => {
      const [a, b] = operations.map(normalise);
      for (const [mine, theirs] of PRIORITIES) {
        const oneWay = apply(normalise(transform(b, a, theirs)), apply(a, text));
        const otherWay = apply(normalise(transform(a, b, mine)), apply(b, text));
        expect(oneWay).toBe(otherWay);
      }
    }),
    RUNS
  );
});

test('transform follows the protocol’s rule for base positions', () => {
  fc.assert(
    fc.property(editsOf(2), ({ text, operations }) => {
      const [a, b] = operations.map(normalise);
      for (const [priority] of PRIORITIES) {
        const length = codePointLength(text);
        const expected = transformed(meaningOf(a), meaningOf(b), length, priority);
        expect(normalise(transform(a, b, priority))).toEqual(expected);
      }
    }),
    RUNS
  );
});

test('invert restores', () => {
  fc.assert(
    fc.property(editsOf(1), ({ text, operations: [operation] }) => {
      const after = apply(operation, text);
      for (const base of [text, Text.of(text)]) {
        const inverse = invert(operation, base);
        expect(apply(inverse, after)).toBe(text);
        expect(normalise(inverse)).toBe(inverse);
      }
      expect(invert(invert(operation, text), after)).toEqual(normalise(operation));
    }),
    RUNS
  );
});
