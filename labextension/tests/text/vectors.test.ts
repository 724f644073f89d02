// @vitest-environment node
/** Cases that the Python implementation passes too (`tests/text/test_vectors.py`). */
import { describe, expect, test } from 'vitest';

import {
  apply,
  checkContent,
  codePointLength,
  compose,
  diff,
  fromWire,
  InvalidContent,
  invert,
  merge,
  normalise,
  Text,
  toStored,
  toWire,
  transform,
  transformPosition,
  type Component,
  type WireComponent
} from '../../src/text';
import { ottypesOperation, read, SHARED_DATA, VECTORS, type OttypesComponent } from './vectors';

interface Cases {
  apply: { base: string; operations: unknown[]; normal: WireComponent[]; text: string };
  transform: {
    base: string;
    operation: unknown[];
    against: unknown[];
    left: WireComponent[];
    right: WireComponent[];
    text_left: string;
    text_right: string;
  };
  invalid: { base: string; operations: unknown[]; code: string };
  stored: {
    base: string;
    operations: unknown[];
    stored: WireComponent[];
    inverse: WireComponent[];
  };
  position: { base: string; operations: unknown[]; before: number[]; after: number[] };
  content: { content: string; valid: boolean };
  diff: { old: string; new: string; components: Component[] };
  merge: { base: string; mine: string; theirs: string; merged: string };
}

const ALL = ['contract_vectors.jsonl', 'text_vectors.jsonl'].flatMap(name =>
  read<{ kind: string }>(VECTORS + name)
);

function cases<K extends keyof Cases>(kind: K): [name: string, Cases[K]][] {
  const found = ALL.filter(vector => vector.kind === kind) as unknown as Cases[K][];
  return found.map(vector => [JSON.stringify(vector).slice(0, 100), vector]);
}

test('every kind of case is tested', () => {
  const kinds = ['apply', 'content', 'diff', 'invalid', 'merge', 'position', 'stored', 'transform'];
  const elsewhere = ['split']; // tests/sync/split.test.ts
  const known = [...kinds, ...elsewhere].sort();
  expect([...new Set(ALL.map(vector => vector.kind))].sort()).toEqual(known);
  expect(ALL.length).toBeGreaterThanOrEqual(600);
});

test.each(cases('apply'))('%s', (_, { base, operations, normal, text }) => {
  const operation = fromWire(operations, codePointLength(base));
  expect(toWire(operation)).toEqual(normal);
  expect(fromWire(normal, codePointLength(base))).toEqual(operation);
  expect(apply(operation, base)).toBe(text);
  expect(Text.of(base).apply(operation).toString()).toBe(text);
});

test.each(cases('transform'))('%s', (_, vector) => {
  const length = codePointLength(vector.base);
  const operation = fromWire(vector.operation, length);
  const against = fromWire(vector.against, length);
  for (const priority of ['left', 'right'] as const) {
    const moved = normalise(transform(operation, against, priority));
    expect(toWire(moved)).toEqual(vector[priority]);
    expect(apply(moved, apply(against, vector.base))).toBe(vector[`text_${priority}`]);
  }
});

test.each(cases('invalid'))('%s', (_, { base, operations, code }) => {
  const refused = expect.objectContaining({ code });
  expect(() => fromWire(operations, codePointLength(base))).toThrow(refused);
});

test.each(cases('stored'))('%s', (_, { base, operations, stored, inverse }) => {
  const operation = fromWire(operations, codePointLength(base));
  expect(toStored(operation, Text.of(base))).toEqual(stored);
  expect(fromWire(stored, codePointLength(base))).toEqual(operation);
  expect(toWire(invert(operation, base))).toEqual(inverse);
});

test.each(cases('position'))('%s', (_, { base, operations, before, after }) => {
  const operation = fromWire(operations, codePointLength(base));
  expect(before.map((_, at) => transformPosition(at, operation, 'before'))).toEqual(before);
  expect(after.map((_, at) => transformPosition(at, operation, 'after'))).toEqual(after);
});

test.each(cases('content'))('%s', (_, { content, valid }) => {
  if (valid) {
    checkContent(content);
  } else {
    expect(() => checkContent(content)).toThrow(InvalidContent);
  }
});

test.each(cases('diff'))('%s', (_, { old: before, new: after, components }) => {
  const operation = diff(before, after);
  expect(operation.components).toEqual(components);
  expect(apply(operation, before)).toBe(after);
});

test.each(cases('merge'))('%s', (_, { base, mine, theirs, merged }) => {
  expect(merge(base, mine, theirs)).toBe(merged);
});

describe.skipIf(!SHARED_DATA)('[shared data] vectors of ottypes', () => {
  test('apply', () => {
    type Case = { str: string; op: OttypesComponent[]; result: string };
    for (const { str, op, result } of read<Case>(`${SHARED_DATA}/ot_vectors/apply.jsonl`)) {
      const operation = ottypesOperation(op);
      expect(apply(operation, str)).toBe(result);
      expect(apply(normalise(operation), str)).toBe(result);
      expect(Text.of(str).apply(operation).toString()).toBe(result);
    }
  });

  test('transform', () => {
    type Case = Record<'op' | 'otherOp' | 'result', OttypesComponent[]> & {
      side: 'left' | 'right';
    };
    for (const vector of read<Case>(`${SHARED_DATA}/ot_vectors/transform.jsonl`)) {
      const [operation, against] = [ottypesOperation(vector.op), ottypesOperation(vector.otherOp)];
      const moved = transform(operation, against, vector.side);
      expect(moved).toEqual(ottypesOperation(vector.result));
    }
  });

  test('compose', () => {
    type Case = Record<'op1' | 'op2' | 'result', OttypesComponent[]>;
    for (const { op1, op2, result } of read<Case>(`${SHARED_DATA}/ot_vectors/compose.jsonl`)) {
      const composed = compose(ottypesOperation(op1), ottypesOperation(op2));
      expect(composed).toEqual(ottypesOperation(result));
    }
  });
});
