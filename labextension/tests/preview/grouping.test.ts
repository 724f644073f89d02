import { Text as EditorText } from '@codemirror/state';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseInSteps } from '../../src/markdown/textParsing';
import { grouped } from '../../src/preview/grouping';
import { piecesOf as piecesOfChunk } from '../../src/preview/pieces';
import { finish } from '../../src/text';

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

/** Those of a text that is one chunk. */
function piecesOf(text: string) {
  const doc = EditorText.of(text.split('\n'));
  const { chunks } = finish(parseInSteps(doc, { size: Infinity }));
  return chunks.flatMap(chunk => piecesOfChunk(chunk, text).pieces);
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
