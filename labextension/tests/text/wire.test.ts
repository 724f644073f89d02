// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  apply,
  codePointLength,
  fromWire,
  InvalidOperation,
  normalise,
  Operation,
  Text,
  toStored,
  toWire
} from '../../src/text';
import { editsOf, meaningOfWire, operationOf, RUNS, wireLists } from './arbitraries';

test('a list is applied one after the other', () => {
  fc.assert(
    fc.property(wireLists, ({ text, components }) => {
      const length = codePointLength(text);
      const expected = operationOf(meaningOfWire(components, length), length);
      expect(fromWire(components, length)).toEqual(expected);
    }),
    RUNS
  );
});

test('a written operation is read back', () => {
  fc.assert(
    fc.property(editsOf(1), ({ text, operations: [operation] }) => {
      const [length, normal] = [codePointLength(text), normalise(operation)];
      expect(fromWire(toWire(operation), length)).toEqual(normal);
      expect(fromWire(toStored(operation, Text.of(text)), length)).toEqual(normal);
    }),
    RUNS
  );
});

test('a written operation has the same result in turn and all at once', () => {
  fc.assert(
    fc.property(editsOf(1), ({ text, operations: [operation] }) => {
      const atOnce = [...text];
      const places: string[] = [];
      let last = Infinity;
      for (const component of toWire(operation)) {
        const position = component.position ?? -1;
        expect(position).toBeLessThanOrEqual(last);
        places.push(`${position} ${component.type}`);
        last = position;
        if (component.type === 'delete') {
          const holes = Array.from({ length: component.length }, () => '');
          atOnce.splice(position, component.length, ...holes);
        } else if (component.type === 'insert') {
          atOnce.splice(position, 0, component.content);
        }
      }
      expect(atOnce.join('')).toBe(apply(operation, text));
      expect(new Set(places).size).toBe(places.length);
    }),
    RUNS
  );
});

test('a stored delete holds the deleted text', () => {
  fc.assert(
    fc.property(editsOf(1), ({ text, operations: [operation] }) => {
      for (const component of toStored(operation, Text.of(text))) {
        if (component.type === 'delete') {
          const start = component.position ?? 0;
          const deleted = [...text].slice(start, start + component.length).join('');
          expect(component.content).toBe(deleted);
        }
      }
    }),
    RUNS
  );
});

describe('invalid components are refused', () => {
  test.each([NaN, Infinity, 0.5, '1', null, undefined, true, {}])('a position of %s', position => {
    const insert = { type: 'insert', position, content: 'x' };
    expect(() => fromWire([insert], 3)).toThrow(InvalidOperation);
  });

  test.each([undefined, null, 'x', 3, []])('a component %j', component => {
    expect(() => fromWire([component], 3)).toThrow('Component 0');
  });
});

test('thousands of components in any order make one operation', () => {
  const length = 1_000_000;
  const scattered = Array.from({ length: 5000 }, (_, index) => ({
    type: 'insert' as const,
    position: (index * 7919) % length,
    content: 'ab'
  }));
  const descending = scattered.slice().sort((a, b) => b.position - a.position);
  const retaining = Array.from({ length: 5000 }, () => [
    { type: 'retain', length: 9 },
    { type: 'insert', content: 'x' }
  ]).flat();
  expect(fromWire(scattered, length).lengthChange).toBe(10_000);
  expect(toWire(fromWire(descending, length))).toEqual(descending);
  const parts = Array.from({ length: 5000 }, () => [9, 'x']).flat();
  expect(fromWire(retaining, length)).toEqual(Operation.of(...parts));
});
