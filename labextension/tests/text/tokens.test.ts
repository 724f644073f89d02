// @vitest-environment node
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { finish } from '../../src/text/steps';
import { linesOf, wordsOf } from '../../src/text/tokens';
import { RUNS } from './arbitraries';

test('the tokens join to the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(finish(linesOf(text)).join('')).toBe(text);
      expect(finish(wordsOf(text)).join('')).toBe(text);
    }),
    RUNS
  );
});

test('only a newline ends a line', () => {
  const separators = '\x0b\x0c\r\x1c\x1d\x1e\x85\u2028\u2029';
  expect(finish(linesOf(`${separators}\na\n\nb`))).toEqual([`${separators}\n`, 'a\n', '\n', 'b']);
  expect(finish(linesOf(''))).toEqual([]);
});

test.each<[string, string[]]>([
  ['snake_case, x', ['snake_case', ',', ' ', 'x']],
  ['e\u0301t\u00e9 \u00a0\tx\u00b2', ['e\u0301t\u00e9', ' \u00a0\t', 'x\u00b2']],
  ['\n\n字字😀', ['\n', '\n', '字', '字', '😀']],
  ['नमस्ते।', ['नमस्ते', '।']]
])('%j', (text, words) => {
  expect(finish(wordsOf(text))).toEqual(words);
});
