// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { apply, codePointLength, InvalidOperation, Operation, Text } from '../../src/text';
import { leavesBelow } from '../../src/text/lookup';
import { Branch, BRANCH_WIDTH, build, Leaf, LEAF_UNITS, type Node } from '../../src/text/tree';
import { editsOf, longTexts, RUNS, texts } from './arbitraries';

const rootOf = (text: Text) => (text as unknown as { root: Node }).root;

/** Checks that every node has the right size, that none is too large, and that all leaves lie at one depth. */
function checkTree(root: Node): void {
  const depths = new Set<number>();
  const check = (node: Node, depth: number) => {
    if (node instanceof Leaf) {
      depths.add(depth);
      expect(node.units).toBe(node.text.length);
      expect(node.units).toBeLessThanOrEqual(LEAF_UNITS);
      expect(node.length).toBe([...node.text].length);
      expect(/\p{Surrogate}/u.test(node.text)).toBe(false);
      return;
    }
    const { children } = node;
    expect(children.length).toBeGreaterThan(0);
    expect(children.length).toBeLessThanOrEqual(BRANCH_WIDTH);
    for (const metric of ['length', 'units', 'newlines'] as const) {
      expect(node[metric]).toBe(children.reduce((sum, child) => sum + child[metric], 0));
    }
    children.forEach(child => check(child, depth + 1));
  };
  check(root, 0);
  expect(depths.size).toBe(1);
}

function nodesOf(root: Node): Node[] {
  return root instanceof Branch ? [root, ...root.children.flatMap(nodesOf)] : [root];
}

function lineColumnIn(codePoints: string[], offset: number) {
  const before = codePoints.slice(0, offset).join('').split('\n');
  return { line: before.length - 1, column: [...before[before.length - 1]].length };
}

describe('a text equals a string', () => {
  const fraction = fc.double({ min: 0, max: 1, noNaN: true });
  const edit = fc.record({
    a: fraction,
    reach: fc.oneof(fraction, fc.constantFrom(0, 0.001)),
    insert: fc.oneof(texts, longTexts)
  });

  test('under random edits, and old texts do not change', () => {
    fc.assert(
      fc.property(longTexts, fc.array(edit, { maxLength: 12 }), (content, edits) => {
        let [text, model] = [Text.of(content), [...content]];
        const older: [Text, string][] = [];
        for (const { a, reach, insert } of edits) {
          older.push([text, model.join('')]);
          const start = Math.round(a * model.length);
          const end = Math.min(model.length, start + Math.round(reach * model.length));
          text = text.replace(start, end, insert);
          model = [...model.slice(0, start), ...insert, ...model.slice(end)];
          expect(text.length).toBe(model.length);
          expect(text.slice(start, end)).toBe(model.slice(start, end).join(''));
        }
        expect(text.toString()).toBe(model.join(''));
        expect(text.lines).toBe(model.join('').split('\n').length);
        expect(text.utf16Length).toBe(model.join('').length);
        older.forEach(([old, before]) => expect(old.toString()).toBe(before));
        checkTree(rootOf(text));
      }),
      { numRuns: 150 }
    );
  });

  test('in lines, columns and UTF-16 indices', () => {
    fc.assert(
      fc.property(longTexts, fraction, (content, where) => {
        const [text, codePoints] = [Text.of(content), [...content]];
        const offset = Math.round(where * codePoints.length);
        const { line, column } = text.lineColumnOf(offset);
        expect({ line, column }).toEqual(lineColumnIn(codePoints, offset));
        expect(text.offsetOf(line, column)).toBe(offset);
        const index = codePoints.slice(0, offset).join('').length;
        expect(text.utf16Of(offset)).toBe(index);
        expect(text.codePointOf(index)).toBe(offset);
        if ((codePoints[offset] ?? '').length === 2) {
          expect(text.codePointOf(index + 1)).toBe(offset);
        }
      }),
      RUNS
    );
  });

  test('under operations', () => {
    fc.assert(
      fc.property(editsOf(1), ({ text, operations: [operation] }) => {
        expect(Text.of(text).apply(operation).toString()).toBe(apply(operation, text));
      }),
      RUNS
    );
  });

  test.each([3, 40, 2000])('under an operation of %i edits', count => {
    const base = '0123456789\n字😀'.repeat(10_000);
    const parts = Array.from({ length: count }, (_, at) => [at % 50, 'ab😀\n', -(at % 7)]);
    const operation = Operation.of(...parts.flat());
    const changed = Text.of(base).apply(operation);
    expect(changed.toString()).toBe(apply(operation, base));
    checkTree(rootOf(changed));
  });
});

test('edits outside the text are refused', () => {
  const text = Text.of('a😀');
  for (const operation of [Operation.of(3, 'x'), Operation.of(-3), new Operation([3])]) {
    expect(() => text.apply(operation)).toThrow(InvalidOperation);
  }
  for (const [start, end] of [
    [-1, 0],
    [2, 1],
    [0, 3],
    [NaN, 1]
  ]) {
    expect(() => text.replace(start, end, 'x')).toThrow(RangeError);
  }
});

test.each([
  [0, 0, 0],
  [0, 9, 2],
  [1, 0, 3],
  [1, 5, 3],
  [2, 1, 5],
  [2, 9, 6],
  [3, 0, 6],
  [-1, 5, 0],
  [1, -4, 3],
  [9, 9, 6]
])('line %i, column %i is clamped to %i', (line, column, offset) => {
  expect(Text.of('a😀\n\nxy').offsetOf(line, column)).toBe(offset);
});

test('offsets and indices are clamped', () => {
  const text = Text.of('😀\nb');
  expect(text.lineColumnOf(-5)).toEqual({ line: 0, column: 0 });
  expect(text.lineColumnOf(50)).toEqual({ line: 1, column: 1 });
  expect([text.utf16Of(-1), text.utf16Of(50)]).toEqual([0, 4]);
  expect([text.codePointOf(-1), text.codePointOf(50)]).toEqual([0, 3]);
});

test('lines are found across leaves', () => {
  const content = `${'x'.repeat(3000)}\n`.repeat(5) + '\n'.repeat(3000) + '😀 end';
  const [text, codePoints] = [Text.of(content), [...content]];
  for (let offset = 0; offset <= codePoints.length; offset += 397) {
    const { line, column } = text.lineColumnOf(offset);
    expect({ line, column }).toEqual(lineColumnIn(codePoints, offset));
    expect(text.offsetOf(line, column)).toBe(offset);
  }
});

test('texts with the same content are equal', () => {
  const content = 'abc😀'.repeat(1000);
  let built = Text.of('');
  for (let at = 0; at < 4000; at += 4) {
    built = built.replace(at, at, 'abc😀');
  }
  expect(built.equals(Text.of(content))).toBe(true);
  expect(built.equals(Text.of(content.replace('a', 'b')))).toBe(false);
  expect(built.equals(Text.of(content + 'a'))).toBe(false);
});

test.each([20_000, 2_000_000])('an edit in %i code points shares the unchanged leaves', length => {
  const line = '0123456789'.repeat(6) + '\n';
  const text = Text.of(line.repeat(length / line.length));
  const old = new Set(nodesOf(rootOf(text)));
  for (const position of [0, Math.floor(length / 3), text.length]) {
    const typed = text.replace(position, position, 'x');
    const deleted = text.replace(Math.max(0, position - 3), position, '');
    for (const changed of [typed, deleted]) {
      const made = nodesOf(rootOf(changed)).filter(node => !old.has(node));
      expect(made.length).toBeLessThanOrEqual(8);
      const copied = made
        .filter(node => node instanceof Leaf)
        .reduce((sum, leaf) => sum + leaf.units, 0);
      expect(copied).toBeLessThanOrEqual(2 * LEAF_UNITS);
    }
  }
});

test('leaves stay filled under scattered edits', () => {
  let text = Text.of('x'.repeat(100_000));
  for (let index = 0; index < 2000; index++) {
    const position = (index * 7919) % text.length;
    text = text.replace(position, position, 'y'.repeat(60));
  }
  while (text.length > 5_000) {
    const position = (text.length * 7919) % (text.length - 40);
    text = text.replace(position, position + 40, '');
  }
  const leaves = [...leavesBelow(rootOf(text))];
  expect(leaves.length).toBeLessThanOrEqual(1 + text.length / (LEAF_UNITS / 4));
  checkTree(rootOf(text));
});

test('no leaf begins or ends inside a surrogate pair', () => {
  for (const prefix of ['', 'x']) {
    const content = prefix + '😀'.repeat(5000);
    checkTree(build(content));
    expect(codePointLength(content)).toBe(build(content).length);
  }
});
