import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cleanText } from '../../src/markdown/importedText';
import { checkContent } from '../../src/text';

describe('cleanText', () => {
  it('converts all line ends to line feeds and removes the byte order mark', () => {
    expect(cleanText('\uFEFFa\r\nb\rc\n')).toBe('a\nb\nc\n');
  });

  it('converts any text to one that the server accepts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' }), (a, b) => {
        expect(() => checkContent(cleanText(`${a}\r${b}\ud800`))).not.toThrow();
      })
    );
  });
});
