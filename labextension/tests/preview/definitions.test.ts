import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { footnotesOf, labelsIn, notesIn, numbersOf } from '../../src/preview/definitions';
import { read } from './read';

describe('link definitions', () => {
  it('are compared without case and with one space', () => {
    expect(labelsIn('[The  Plan] and [x][THE plan] and [^n]')).toEqual(['the plan', 'x']);
  });

  it('are given to the blocks that refer to them, and to no others', () => {
    const text = 'A [x].\n\n[y]: b\n\nB [Y][] and [x].\n\n[x]: a "T"\n\nC.\n';
    expect(read(text).blocks.map(({ content }) => content.source)).toEqual([
      'A [x].\n\n[x]: a "T"\n',
      'B [Y][] and [x].\n\n[y]: b\n[x]: a "T"\n',
      'C.'
    ]);
  });

  it('hold in quotes and lists, too; the first of a label counts', () => {
    const [block] = read('A [x].\n\n> [x]: one\n\n[x]: two\n').blocks;
    expect(block!.content.source).toContain('[x]: one');
    expect(block!.content.source).not.toContain('two');
  });
});

describe('footnotes', () => {
  it('are numbered as the text refers to them', () => {
    const { blocks } = read('A[^b] and[^a].\n\n[^a]: The first\n[^b]: Second\n  goes on\n');
    expect(blocks.map(({ content }) => [...content.notes])).toEqual([
      [
        ['b', 1],
        ['a', 2]
      ],
      [
        ['a', 2],
        ['b', 1]
      ]
    ]);
    expect(blocks[1]!.content.footnotes).toEqual(['a', 'b']);
    expect(blocks[1]!.content.source).toBe('The first\n\nSecond\n  goes on');
  });

  it('are read where they are one word, which looks like a link definition', () => {
    expect(read('A[^a].\n\n[^a]: Word\n').blocks[1]!.content.footnotes).toEqual(['a']);
  });

  it('go on below such a line', () => {
    const { content } = read('A[^a].\n\n[^a]: Word\nand more\n').blocks[1]!;
    expect([content.footnotes, content.source]).toEqual([['a'], 'Word\nand more']);
  });

  it('are none without a text, and in no other paragraph', () => {
    expect(footnotesOf('Not [^a]: this')).toBeNull();
    expect(notesIn('[^a] [^b]: [^a]')).toEqual(['a']);
  });

  it('numbers footnotes from 1 without a gap', () => {
    const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd'));
    fc.assert(
      fc.property(names, names, (references, defined) => {
        const numbers = [...numbersOf(references, defined).values()];
        expect(numbers).toEqual(numbers.map((_, at) => at + 1));
        expect(numbers).toHaveLength(new Set(defined).size);
      })
    );
  });
});
