// @vitest-environment node
/** Attribution: equal to noting the version at each letter; the cases of `tests/text/test_attribution.py`. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  apply,
  Attribution,
  codePointLength,
  fromWire,
  InvalidOperation,
  normalise,
  Operation,
  type Run
} from '../../src/text';
import { CHUNK, SMALL } from '../../src/text/attribution';
import { RUNS, sequences } from './arbitraries';
import { read, VECTORS } from './vectors';

interface Case {
  log: { version: number; operations: unknown[] }[];
  text: string;
  runs: Run[];
}

const CASES = read<Case>(`${VECTORS}attribution.jsonl`);

/** The version of each letter after `operation`, letter by letter. */
function noted(versions: readonly number[], operation: Operation, version: number): number[] {
  const result: number[] = [];
  let position = 0;
  for (const component of operation.components) {
    if (typeof component === 'string') {
      result.push(...Array<number>(codePointLength(component)).fill(version));
      continue;
    }
    const end = position + Math.abs(component);
    if (component > 0) {
      result.push(...versions.slice(position, end));
    }
    position = end;
  }
  return [...result, ...versions.slice(position)];
}

function runsOf(versions: readonly number[]): Run[] {
  const runs: [number, number][] = [];
  for (const version of versions) {
    const last = runs.at(-1);
    if (last?.[1] === version) {
      last[0]++;
    } else {
      runs.push([1, version]);
    }
  }
  return runs;
}

describe('vectors', () => {
  test('there are 300', () => expect(CASES).toHaveLength(300));

  test.each(CASES.map((each, number) => [number, each] as const))(
    '%i',
    (_, { log, text: expected, runs }) => {
      let text = '';
      let attribution = Attribution.NONE;
      for (const { version, operations } of log) {
        const operation = fromWire(operations, codePointLength(text));
        text = apply(operation, text);
        attribution = attribution.apply(operation, version);
      }
      expect(text).toBe(expected);
      expect(attribution.runs).toEqual(runs);
    }
  );
});

describe('laws', () => {
  test('one operation after the other is letter by letter', () => {
    fc.assert(
      fc.property(sequences, fc.boolean(), ({ text, operations }, isNormal) => {
        let versions = Array<number>(codePointLength(text)).fill(0);
        let attribution = Attribution.of([[versions.length, 0]]);
        operations.forEach((made, index) => {
          const operation = isNormal ? normalise(made) : made;
          versions = noted(versions, operation, index + 1);
          attribution = attribution.apply(operation, index + 1);
          expect(attribution.runs).toEqual(runsOf(versions));
          expect(attribution.length).toBe(versions.length);
        });
      }),
      RUNS
    );
  });

  test('chunks are split and joined', () => {
    const edits = fc.array(
      fc.tuple(
        fc.nat(4 * CHUNK),
        fc.constantFrom(0, 1, 3, 100, CHUNK, 9 * CHUNK),
        fc.constantFrom('', 'x', 'xy'),
        fc.nat(12)
      ),
      { maxLength: 4 }
    );
    fc.assert(
      fc.property(
        fc.nat(4 * CHUNK),
        fc.integer({ min: 1, max: 3 }),
        edits,
        (count, longest, made) => {
          let versions = Array.from({ length: count }, (_, number) =>
            Array<number>(1 + (number % longest)).fill(number % 7)
          ).flat();
          let attribution = Attribution.of(runsOf(versions));
          for (const [at, gone, content, version] of made) {
            const start = Math.min(at, versions.length);
            const operation = Operation.of(
              start,
              content,
              -Math.min(gone, versions.length - start)
            );
            versions = noted(versions, operation, version);
            attribution = attribution.apply(operation, version);
            expect(attribution.runs).toEqual(runsOf(versions));
            const sizes = attribution.chunks.map(chunk => chunk.runs.length);
            expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(2 * CHUNK);
            expect(sizes.filter(size => size < SMALL).length).toBeLessThanOrEqual(2);
          }
        }
      ),
      { numRuns: 60 }
    );
  });

  test('the runs within a range are those of its letters', () => {
    const letters = fc.array(fc.nat(3), { maxLength: 30 });
    fc.assert(
      fc.property(letters, fc.nat(35), fc.nat(35), (versions, start, end) => {
        const attribution = Attribution.of(runsOf(versions));
        expect(attribution.within(start, end)).toEqual(runsOf(versions.slice(start, end)));
      }),
      RUNS
    );
  });
});

test('an operation beyond the text is refused', () => {
  const attribution = Attribution.of([[3, 1]]);
  expect(() => attribution.apply(Operation.of(4, 'x'), 2)).toThrow(InvalidOperation);
  expect(() => attribution.apply(Operation.of(2, -2), 2)).toThrow(InvalidOperation);
});

test('what is not touched is not copied', () => {
  const runs = Array.from({ length: 100 * CHUNK }, (_, version): Run => [1, version]);
  const attribution = Attribution.of(runs);
  const after = attribution.apply(Operation.of(50 * CHUNK, 'x'), 100 * CHUNK);
  const kept = after.chunks.filter(chunk => attribution.chunks.includes(chunk));
  expect(kept.length).toBeGreaterThanOrEqual(attribution.chunks.length - 2);
});
