import { Text as EditorText } from '@codemirror/state';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { blockParser } from '../../src/markdown/commonMark';
import { grouped } from '../../src/preview/grouping';
import { blocksOf, Pieces } from '../../src/preview/pieces';

const line = fc.constantFrom(
  '<div>',
  '</div>',
  '<details>',
  '</details>',
  '$$',
  '- a',
  'Text',
  '',
  '',
  '[^a]: Word'
);
const texts = fc.array(line, { maxLength: 60 }).map(lines => lines.join('\n'));

function piecesOf(text: string) {
  const doc = EditorText.of(text.split('\n'));
  const pieces = new Pieces();
  return [...blocksOf(blockParser.parse(text))].flatMap(node => pieces.of(node, doc) ?? []);
}

describe('blocks that are rendered together', () => {
  it('each piece is in one group, in order', () => {
    fc.assert(
      fc.property(texts, text => {
        const pieces = piecesOf(text);
        expect(grouped(pieces).flat()).toEqual(pieces);
      })
    );
  });

  it('an element that is too long is rendered block by block', () => {
    const text = `<div>\n\n${'word '.repeat(5_000)}\n\n</div>\n`;
    expect(grouped(piecesOf(text)).map(group => group.length)).toEqual([1, 1, 1]);
  });

  it('an element inside of one that never ends is one', () => {
    const text = '<div>\n\n<details>\n\nText\n\n</details>\n';
    expect(grouped(piecesOf(text)).map(group => group.length)).toEqual([1, 3]);
  });
});
