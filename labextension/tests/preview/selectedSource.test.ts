import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { sourceOfEnd } from '../../src/preview/selectedSource';

function blockOf(html: string): HTMLElement {
  const block = document.createElement('div');
  block.innerHTML = html;
  document.body.replaceChildren(block);
  return block;
}

/** The text of the source that is selected where these letters are in the rendered block. */
function selected(html: string, source: string, letters: string, from = 0): string {
  const block = blockOf(html);
  const start = block.textContent!.indexOf(letters, from);
  const point = (at: number) => {
    let left = at;
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode as Text;
      if (left <= node.length) {
        return { container: node, offset: left };
      }
      left -= node.length;
    }
    throw new Error('behind the end');
  };
  return source.slice(
    sourceOfEnd(block, 'start', point(start), source),
    sourceOfEnd(block, 'end', point(start + letters.length), source)
  );
}

describe('what is selected in a rendered block', () => {
  it('is the same words of the source, with the marks between them', () => {
    expect(selected('<p>The <b>quick</b> fox</p>', 'The **quick** fox', 'The quick')).toBe(
      'The **quick'
    );
    expect(selected('<p>The <b>quick</b> fox</p>', 'The **quick** fox', 'quick fox')).toBe(
      'quick** fox'
    );
    expect(selected('<p>one two one two</p>', 'one two one two', 'one two', 4)).toBe('one two');
  });

  it('is the whole block where a word is not as often in both', () => {
    expect(selected('<p><a href="fox">fox</a></p>', '[fox](fox)', 'fox')).toBe('[fox](fox)');
  });

  it('is the same place in plain text', () => {
    const words = fc.array(fc.constantFrom('ab', 'abc', 'b', 'é', '12'), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.nat(), fc.nat(), (all, one, other) => {
        const first = Math.min(one % all.length, other % all.length);
        const last = Math.max(one % all.length, other % all.length);
        const text = all.join(' ');
        const start = all.slice(0, first).join(' ').length + (first > 0 ? 1 : 0);
        const letters = all.slice(first, last + 1).join(' ');
        const block = blockOf(`<p>${text}</p>`);
        const container = block.firstChild!.firstChild!;
        const from = sourceOfEnd(block, 'start', { container, offset: start }, text);
        const end = { container, offset: start + letters.length };
        expect([from, sourceOfEnd(block, 'end', end, text)]).toEqual([
          start,
          start + letters.length
        ]);
      })
    );
  });
});
