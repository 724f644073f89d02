// @vitest-environment node
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { apply, diff, merge, normalise, Operation, type Component } from '../../src/text';
import { editsOf, longTexts, RUNS, texts } from './arbitraries';

const words = fc
  .array(fc.constantFrom('one ', 'two ', 'three', '\n', '.', '字', '😀', '😁', '🤖', '\t'), {
    maxLength: 30
  })
  .map(parts => parts.join(''));
const anyText = fc.oneof(texts, longTexts, words);

test('a diff turns the old text into the new one', () => {
  fc.assert(
    fc.property(anyText, anyText, (before, after) => {
      const operation = diff(before, after);
      expect(apply(operation, before)).toBe(after);
      expect(normalise(operation)).toBe(operation);
    }),
    RUNS
  );
});

test('no surrogate pair is split', () => {
  const alike = ['\u{1f600}', '\u{1f601}', '\u{1f900}', '\u{1fa00}', 'a'];
  const emoji = fc.string({ unit: fc.constantFrom(...alike), maxLength: 8 });
  fc.assert(
    fc.property(emoji, emoji, (before, after) => {
      const operation = diff(before, after);
      expect(apply(operation, before)).toBe(after);
      const inserted = operation.components.filter(part => typeof part === 'string').join('');
      expect(/\p{Surrogate}/u.test(inserted)).toBe(false);
    }),
    RUNS
  );
});

test.each<[string, string, Component[]]>([
  ['', '', []],
  ['', 'x', ['x']],
  ['x', '', [-1]],
  ['hello world\nfoo bar\n', 'hello brave world\nfoo baz\n', [6, 'brave ', 12, 'z', -1]],
  ['a\nb\nc\n', 'a\nX\nb\nc\nY', [2, 'X\n', 4, 'Y']],
  ['我们喜欢编程', '我们非常喜欢写程', [2, '非常', 2, '写', -1]],
  ['## One\n\ntext\n', '## One\n\n## Two\n\ntext\n', [8, '## Two\n\n']],
  ['- [ ] do it\n- [ ] and that\n', '- [x] do it\n- [ ] and that\n', [3, 'x', -1]],
  ['a 😀 b', 'a 😁 b', [2, '😁', -1]],
  ['the quick brown fox', 'the slow red fox', [4, 'slow red', -11]]
])('from %j to %j', (before, after, components) => {
  expect(diff(before, after).components).toEqual(components);
});

test('scattered edits in a long text stay separate', () => {
  const line = (number: number, verb: string) =>
    `Line ${number} ${verb} something, ${number * 7}.\n`;
  const numbers = Array.from({ length: 30_000 }, (_, number) => number);
  const before = numbers.map(number => line(number, 'says')).join('');
  const after = numbers.map(number => line(number, number % 20 ? 'says' : 'shouts')).join('');
  const operation = diff(before, after);
  expect(apply(operation, before) === after).toBe(true);
  const deleted = operation.components.filter(part => typeof part === 'number' && part < 0);
  expect(deleted.length).toBeLessThanOrEqual(1500);
});

test.each(['a\n', 'ab cd ', '字', 'x.y\n', 'abcdefgh ijk lmnop qrstu\n'])(
  'two unrelated long texts of %j are compared within the budget',
  unit => {
    const units = [unit, unit.toUpperCase(), unit + unit[0], unit + '!'];
    const made = (seed: number) => {
      let [text, state] = ['', seed];
      while (text.length < 2_000_000) {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        text += units[(state >>> 16) % units.length];
      }
      return text;
    };
    const [before, after] = [made(1), made(2)];
    expect(apply(diff(before, after), before) === after).toBe(true);
  }
);

test('a merge with an unchanged side equals the other side', () => {
  fc.assert(
    fc.property(editsOf(2), ({ text, operations: [a, b] }) => {
      const [mine, theirs] = [apply(a, text), apply(b, text)];
      expect(merge(text, mine, text)).toBe(mine);
      expect(merge(text, text, theirs)).toBe(theirs);
      expect(merge(text, mine, mine)).toBe(mine);
    }),
    RUNS
  );
});

test('a merge loses no text of either side', () => {
  const lettered = (operation: Operation, letter: string) =>
    Operation.of(
      ...operation.components.map(part =>
        typeof part === 'string' ? letter.repeat(part.length) : part
      )
    );
  const count = (text: string, letter: string) => text.split(letter).length;
  fc.assert(
    fc.property(editsOf(2), ({ text, operations: [a, b] }) => {
      const mine = apply(lettered(a, 'M'), text);
      const theirs = apply(lettered(b, 'T'), text);
      const merged = merge(text, mine, theirs);
      expect(count(merged, 'M')).toBe(count(mine, 'M'));
      expect(count(merged, 'T')).toBe(count(theirs, 'T'));
    }),
    RUNS
  );
});
