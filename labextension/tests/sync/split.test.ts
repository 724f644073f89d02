// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { countParts, splitFirst } from '../../src/sync/split';
import { compose, EMPTY, normalise, Operation, toWire, type Component } from '../../src/text';
import { textAndOperations } from '../kit/arbitraries';
import { read, VECTORS } from '../text/vectors';

/** `tests/client/sync/test_split.py` passes the same cases. */
interface Case {
  kind: string;
  operation: Component[];
  budget: number;
  parts: Component[][];
}
const CASES = read<Case>(`${VECTORS}text_vectors.jsonl`).filter(({ kind }) => kind === 'split');

function parts(operation: Operation, budget: number): Operation[] {
  const all: Operation[] = [];
  for (let rest: Operation | null = operation; rest;) {
    const split = splitFirst(rest, budget);
    all.push(split.head);
    rest = split.rest;
  }
  return all;
}

function wireLength(operation: Operation): number {
  return JSON.stringify(toWire(operation)).length - 2;
}

function together(all: readonly Operation[]): Operation {
  return normalise(all.reduce(compose, EMPTY));
}

describe('splitting', () => {
  it('makes parts within the limit, whose composition is the operation', () => {
    fc.assert(
      fc.property(
        textAndOperations(1),
        fc.integer({ min: 70, max: 400 }),
        ([, [operation]], budget) => {
          const all = parts(operation, budget);
          expect(together(all)).toEqual(operation);
          for (const part of all) {
            expect(wireLength(part)).toBeLessThanOrEqual(budget);
          }
        }
      ),
      { numRuns: 1000 }
    );
  });

  it('does not split an operation within the limit', () => {
    const operation = Operation.of(3, 'short', -2);
    expect(splitFirst(operation, 10_000)).toEqual({ head: operation, rest: null });
  });

  it('never cuts a surrogate pair', () => {
    const operation = Operation.of('🎉'.repeat(50));
    for (let budget = 60; budget < 120; budget++) {
      for (const part of parts(operation, budget)) {
        expect(JSON.stringify(toWire(part))).not.toContain('\\ud');
        expect(part.isEmpty).toBe(false);
      }
    }
  });

  it('fills a part with surrogate pairs up to the limit', () => {
    const empty = JSON.stringify({ type: 'insert', position: 0, content: '' }).length + 1;
    for (let count = 1; count < 40; count++) {
      const { head } = splitFirst(Operation.of('🎉'.repeat(50)), empty + 2 * count);
      expect(head.components).toEqual(['🎉'.repeat(count)]);
    }
  });

  it.each(CASES)('cuts where the Python client does (%#)', ({ operation, budget, parts: cuts }) => {
    expect(CASES.length).toBeGreaterThan(10);
    const made = parts(Operation.of(...operation), budget);
    expect(made.map(part => part.components)).toEqual(cuts);
  });

  it('counts the characters of JSON escapes', () => {
    const operation = Operation.of('"\n\\\u0001'.repeat(200));
    const all = parts(operation, 200);
    expect(Math.max(...all.map(wireLength))).toBeLessThanOrEqual(200);
    expect(together(all)).toEqual(operation);
  });

  it('fills the parts', () => {
    const all = parts(Operation.of('x'.repeat(60_000)), 9_900);
    expect(all.length).toBe(7);
    expect(all.length).toBe(countParts(Operation.of('x'.repeat(60_000)), 9_900));
  });

  it('makes progress even if the limit is too low for any edit', () => {
    expect(together(parts(Operation.of('🎉é', -3), 1))).toEqual(Operation.of('🎉é', -3));
  });

  it('takes few parts for a large text', () => {
    const operation = Operation.of('word '.repeat(400_000));
    const count = parts(operation, 9_900).length;
    expect(count).toBeGreaterThan(200);
    expect(count).toBeLessThan(300);
  });
});
