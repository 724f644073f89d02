// @vitest-environment node
/** Anchors: equal to following each letter by itself; the cases of `tests/text/test_anchor.py`. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import {
  apply,
  codePointLength,
  compose,
  fromWire,
  invert,
  Operation,
  Text,
  toWire
} from '../../src/text';
import { type Anchor, type Applied, Gaps, inTurn, type Quoted, shown } from '../../src/text/anchor';
import { broughtOn, followed, moved, NumberedText, textOf } from './anchorModel';
import { contents, editsOf, RUNS, sequences, texts } from './arbitraries';
import { read, VECTORS } from './vectors';

interface WireAnchor {
  start: number;
  end: number;
  orphaned: boolean;
  letters?: string;
}

interface Case {
  text: string;
  quote: string;
  anchor: WireAnchor;
  operations: unknown[][];
  moved: WireAnchor[];
  after: string;
}

const CASES = read<Case>(`${VECTORS}anchors.jsonl`);

const anchorOf = ({ start, end, letters }: WireAnchor): Anchor => ({
  start,
  end,
  letters: letters ?? null
});

const at = (start: number, end: number, letters: string | null = null): Anchor => ({
  start,
  end,
  letters
});

const isEmpty = ({ start, end }: Anchor) => start === end;

const appliedTo = (operation: Operation, text: string): Applied => ({
  operation,
  before: Text.of(text)
});

/** Two numbers as a range of a text of this length. */
function rangeIn(one: number, two: number, length: number): Anchor {
  const [start, end] = [Math.min(one, two, length), Math.min(Math.max(one, two), length)];
  return at(start, end);
}

const sliceOf = (text: string, start: number, end: number) => [...text].slice(start, end).join('');

test.each(CASES.map((each, number) => [number, each] as const))('vector %i', (_, each) => {
  let text = each.text;
  let anchor = anchorOf(each.anchor);
  each.operations.forEach((wire, index) => {
    const operation = fromWire(wire, codePointLength(text));
    anchor = moved(anchor, appliedTo(operation, text), each.quote);
    text = apply(operation, text);
    expect(anchor).toEqual(anchorOf(each.moved[index]));
    expect(anchor.letters !== null).toBe(each.moved[index].orphaned);
  });
  expect(text).toBe(each.after);
});

/** How to make an operation near an anchor: often one that takes its letters, or inserts what it looks for. */
const nearOperations = fc.array(
  fc.record({
    kind: fc.constantFrom('take', 'insert', 'replace'),
    before: fc.nat(2),
    behind: fc.nat(2),
    wanted: fc.constantFrom('none', 'letters', 'quote'),
    times: fc.nat(2),
    left: contents,
    right: contents
  }),
  { minLength: 1, maxLength: 6 }
);
type Near = typeof nearOperations extends fc.Arbitrary<(infer T)[]> ? T : never;

function operationNear(near: Near, anchor: Anchor, quote: string, text: string): Operation {
  let start = Math.max(0, anchor.start - near.before);
  const end = Math.min(codePointLength(text), anchor.end + near.behind);
  if (near.kind === 'insert') {
    start = end;
  }
  const letters = anchor.letters ?? sliceOf(text, anchor.start, anchor.end);
  const wanted = { none: '', letters, quote }[near.wanted].repeat(near.times);
  const content = near.kind === 'take' ? '' : near.left + wanted + near.right;
  return Operation.of(start, content, start - end);
}

describe('laws', () => {
  const quotes = fc.constantFrom(null, 'a', 'a😀\n');

  test('it is what following each letter finds, near an anchor', () => {
    fc.assert(
      fc.property(
        texts,
        fc.nat(20),
        fc.nat(20),
        quotes,
        nearOperations,
        (text, one, two, quoted, made) => {
          const numbered = new NumberedText(text);
          const first = rangeIn(one, two, codePointLength(text));
          const quote = quoted ?? sliceOf(text, first.start, first.end);
          const steps: Applied[] = [];
          let anchor = first;
          for (const near of made) {
            const operation = operationNear(near, anchor, quote, String(numbered));
            const step = appliedTo(operation, String(numbered));
            const before = numbered.apply(operation);
            const expected = followed(anchor, quote, before, numbered.letters);
            anchor = moved(anchor, step, quote);
            expect(anchor).toEqual(expected);
            expect(anchor.start).toBeLessThanOrEqual(anchor.end);
            expect(anchor.end).toBeLessThanOrEqual(numbered.letters.length);
            expect(anchor.letters === null || isEmpty(anchor)).toBe(true);
            steps.push(step);
          }
          expect(broughtOn(first, steps, quote)).toEqual(anchor);
        }
      ),
      RUNS
    );
  });

  test('it is what following each letter finds, over any operations', () => {
    fc.assert(
      fc.property(
        sequences,
        fc.nat(20),
        fc.nat(20),
        quotes,
        ({ text, operations }, one, two, quoted) => {
          const numbered = new NumberedText(text);
          let anchor = rangeIn(one, two, codePointLength(text));
          const quote = quoted ?? sliceOf(text, anchor.start, anchor.end);
          for (const operation of operations) {
            const step = appliedTo(operation, String(numbered));
            const before = numbered.apply(operation);
            const expected = followed(anchor, quote, before, numbered.letters);
            anchor = moved(anchor, step, quote);
            expect(anchor).toEqual(expected);
          }
        }
      ),
      RUNS
    );
  });

  test('its text is its letters that stay and what is inserted between them', () => {
    fc.assert(
      fc.property(editsOf(1), fc.nat(20), fc.nat(20), ({ text, operations }, one, two) => {
        const anchor = rangeIn(one, two, codePointLength(text));
        const after = moved(anchor, appliedTo(operations[0], text), '');
        const numbered = new NumberedText(text);
        const length = numbered.letters.length;
        const isOwn = (number: number) => number >= anchor.start && number < anchor.end;
        numbered.apply(operations[0]);
        const numbers = numbered.letters.map(({ number }) => number);
        fc.pre(numbers.some(isOwn));
        const held = numbers.slice(after.start, after.end);
        const others = [...numbers.slice(0, after.start), ...numbers.slice(after.end)];
        expect(others.some(isOwn)).toBe(false);
        expect(isOwn(held[0]) && isOwn(held[held.length - 1])).toBe(true);
        expect(held.every(number => isOwn(number) || number >= length)).toBe(true);
      }),
      RUNS
    );
  });

  test('an orphan is back on its letters after an undo', () => {
    fc.assert(
      fc.property(
        texts,
        fc.nat(20),
        fc.nat(20),
        fc.nat(3),
        fc.nat(3),
        contents,
        (text, one, two, before, behind, content) => {
          const length = codePointLength(text);
          const anchor = rangeIn(one, two, length);
          const start = Math.max(0, anchor.start - before);
          const end = Math.min(length, anchor.end + behind);
          const operation = Operation.of(start, content, start - end);
          const quote = sliceOf(text, anchor.start, anchor.end);
          const orphan = moved(anchor, appliedTo(operation, text), quote);
          fc.pre(orphan.letters !== null);
          const undo = invert(operation, text);
          const back = moved(orphan, appliedTo(undo, apply(operation, text)), quote);
          expect(back.letters).toBeNull();
          expect(sliceOf(text, back.start, back.end)).toBe(quote);
        }
      ),
      RUNS
    );
  });

  test('in turn is over the composition', () => {
    fc.assert(
      fc.property(sequences, fc.nat(20), fc.nat(20), ({ text, operations }, one, two) => {
        const [first, second] = operations;
        const anchor = rangeIn(one, two, codePointLength(text));
        const between = moved(anchor, appliedTo(first, text), '');
        const inTurn = moved(between, appliedTo(second, apply(first, text)), '');
        const both = compose(first, second);
        fc.pre(between.letters === null && inTurn.letters === null && !holdsAnEnd(anchor, both));
        expect(moved(anchor, appliedTo(both, text), '')).toEqual(inTurn);
      }),
      RUNS
    );
  });

  test('many are moved as each is, and what does not change is the same object', () => {
    const ranges = fc.array(fc.tuple(fc.nat(20), fc.nat(20), contents, fc.boolean()));
    fc.assert(
      fc.property(editsOf(1), ranges, ({ text, operations }, made) => {
        const step = appliedTo(operations[0], text);
        const anchors = made.map(([one, two, quote, orphaned]): Quoted => {
          const anchor = rangeIn(one, two, codePointLength(text));
          return [orphaned ? at(anchor.start, anchor.start, quote) : anchor, quote];
        });
        const gaps = new Gaps(step);
        anchors.forEach(([anchor, quote]) => {
          const after = gaps.moved(anchor, quote);
          expect(after).toEqual(moved(anchor, step, quote));
          const { start, end, letters } = after;
          if (start === anchor.start && end === anchor.end && letters === anchor.letters) {
            expect(after).toBe(anchor);
          }
        });
      }),
      RUNS
    );
  });

  test('what is shown is moved over the pending operations', () => {
    fc.assert(
      fc.property(sequences, fc.nat(20), fc.nat(20), ({ text, operations }, one, two) => {
        const anchor = rangeIn(one, two, codePointLength(text));
        const quote = sliceOf(text, anchor.start, anchor.end);
        let before = text;
        const steps = operations.map(operation => {
          const step = appliedTo(operation, before);
          before = apply(operation, before);
          return step;
        });
        const [place] = shown([[anchor, quote]], Text.of(text), operations);
        expect(place).toEqual(broughtOn(anchor, steps, quote));
      }),
      RUNS
    );
  });
});

/** Whether a gap that inserts also deletes the first or the last letter, or deletes and holds the place. */
function holdsAnEnd(anchor: Anchor, operation: Operation): boolean {
  const wire = toWire(operation);
  const inserts = wire.flatMap(each => (each.type === 'insert' ? [each.position] : []));
  return wire.some(each => {
    if (each.type !== 'delete' || !inserts.includes(each.position)) {
      return false;
    }
    const start = each.position ?? 0;
    const end = start + each.length;
    return isEmpty(anchor)
      ? start <= anchor.start && anchor.start <= end
      : (start <= anchor.start && anchor.start < end) || (start < anchor.end && anchor.end <= end);
  });
}

describe('letters', () => {
  test('an orphan remembers no more than a thousand', () => {
    const text = 'a'.repeat(700) + '😀'.repeat(700);
    const orphan = moved(at(0, 1400), appliedTo(Operation.of(-1400), text), text);
    expect(orphan).toEqual(at(0, 0, 'a'.repeat(700) + '😀'.repeat(300)));
    expect(moved(orphan, appliedTo(Operation.of(`x${text}`), ''), text)).toEqual(at(1, 1001));
  });

  test('a short one looks for its quote as shown', () => {
    const quote = '😀'.repeat(1001);
    const orphan = moved(at(1, 3), appliedTo(Operation.of(1, -2), 'abc'), quote);
    expect(orphan).toEqual(at(1, 1, '😀'.repeat(1000)));
  });

  test('an orphan that looks for nothing finds nothing', () => {
    const orphan = moved(at(1, 2), appliedTo(Operation.of(1, -1), 'ab'), '');
    expect(orphan).toEqual(at(1, 1, ''));
    expect(moved(orphan, appliedTo(Operation.of(1, 'b'), 'a'), '')).toBe(orphan);
  });

  test('a pending deletion and its undo bring back what was deleted', () => {
    const operations = [Operation.of(2, -4), Operation.of(2, 'cdef')];
    expect(shown([[at(2, 6), 'other']], Text.of('abcdefgh'), operations)).toEqual([at(2, 6)]);
  });

  test('no text is made of which nothing is read', () => {
    const text = Text.of('abcdefgh');
    const unread = { slice: () => expect.unreachable() };
    expect(moved(at(2, 6), { operation: Operation.of(3, -2, 'x'), before: unread }, '')).toEqual(
      at(2, 5)
    );
    const [first, second] = inTurn(text, [Operation.of(2, -4), Operation.of(1, -1)]);
    expect(first.before.slice(2, 6)).toBe('cdef');
    expect(second.before.slice(0, 4)).toBe('abgh');
  });
});

test('the model numbers letters', () => {
  const numbered = new NumberedText('a😀b');
  const before = numbered.apply(Operation.of(1, 'x', -1));
  expect(textOf(before)).toBe('a😀b');
  expect(numbered.letters.map(({ number }) => number)).toEqual([0, 3, 2]);
});
