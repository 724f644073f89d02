import { Text } from '@codemirror/state';
import { describe, expect, it } from 'vitest';

import { countWords, wordsIn } from '../../src/status/wordCount';
import { finish } from '../../src/text';

describe('words', () => {
  it.each([
    ['', 0],
    ['one two', 2],
    ['# A *title*, and it’s done', 5],
    ['- [x] FR-003: 0.87', 3],
    ['| --- | --- |', 0],
    ['数据 model', 3],
    ['naïve cafés', 2]
  ])('in %j: %d', (text, count) => {
    expect(wordsIn(text)).toBe(count);
  });

  it('of a long text are counted in steps', () => {
    const doc = Text.of(Array.from({ length: 30_000 }, () => 'three more words'));
    expect(finish(countWords(doc))).toBe(90_000);
    expect([...countWords(doc)].length).toBeGreaterThan(3);
  });
});
