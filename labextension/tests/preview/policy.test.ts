import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isAddress, PICTURE, pictureOf, pruned } from '../../src/preview/policy';

interface Hostile {
  readonly name: string;
  readonly markdown: string;
}

const HOSTILE = readFileSync(
  resolve(import.meta.dirname, '../../../tests/vectors/hostile_markdown.jsonl'),
  'utf-8'
)
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Hostile);

const ALLOWED =
  /^(a|abbr|b|blockquote|br|code|constructor|dd|del|details|div|dl|dt|em|figure|h[1-6]|hr|i|img|input|kbd|li|ol|p|pre|s|small|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul)$/;

/** What an HTML text would be in the page; in a document of its own it does nothing. */
function elementsOf(html: string): Element[] {
  return [...new DOMParser().parseFromString(html, 'text/html').body.querySelectorAll('*')];
}

function expectHarmless(html: string): void {
  for (const element of elementsOf(html)) {
    expect(element.localName).toMatch(ALLOWED);
    expect(element.localName).not.toBe('img');
    for (const { name, value } of element.attributes) {
      expect(name).not.toMatch(
        /^on|^id$|^name$|^src|^data-|ping|action|poster|background$|autofocus/
      );
      if (name === 'href') {
        expect(isAddress(value)).toBe(true);
      }
      if (name === 'style') {
        expect(value).not.toMatch(/url|position|fixed|z-index|\\/i);
      }
    }
  }
}

describe('what may stand in a preview', () => {
  it.each(HOSTILE)('$name', ({ markdown }) => {
    // Taken for HTML it is worse than what a Markdown parser makes of it.
    const html = pruned(markdown);
    expectHarmless(html);
    // But for placeholders, which nobody else can make.
    expect(pruned(html)).toBe(html.replaceAll(` class="${PICTURE}"`, ''));
  });

  it('is harmless, and kept as it is when it is taken again', () => {
    const pieces = fc.constantFrom(
      ...HOSTILE.map(({ markdown }) => markdown),
      '<p>',
      '</p>',
      '<table>',
      '<td>',
      '<b>',
      '</b>',
      '<a href="#x">',
      '"',
      "'",
      '-->',
      '<!--',
      'text'
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 6 }), parts => {
        const html = pruned(parts.join(''));
        expectHarmless(html);
        const again = pruned(html);
        expectHarmless(again);
      }),
      { numRuns: 150 }
    );
  });

  it('is what a document consists of', () => {
    const html =
      '<h2>A</h2><p align="center">b <em>c</em> <code class="language-py">d</code></p>' +
      '<ul><li><input disabled="" type="checkbox" checked=""> e</li></ul>' +
      '<details open=""><summary>f</summary>g</details>' +
      '<table><thead><tr><th align="right">h</th></tr></thead></table>' +
      '<p><a href="https://example.org" title="t">i</a> <span style="color: red">j</span></p>';
    expect(pruned(html)).toBe(html.replace(' disabled=""', ''));
  });

  it('has placeholders for pictures, which can’t be forged', () => {
    const [placeholder] = elementsOf(pruned('<img src="a.png" alt="&quot;x" width=20 onload=y>'));
    expect(placeholder!.className).toBe(PICTURE);
    expect(pictureOf(placeholder!)).toEqual({ src: 'a.png', alt: '"x', width: '20' });
    expect(pruned(`<span class="${PICTURE}" title="{}">x</span>`)).toBe(
      '<span title="{}">x</span>'
    );
  });
});

describe('addresses of links', () => {
  it.each([
    'https://a.example',
    'http://a',
    'mailto:a@b.example',
    '#x',
    'a/b.md',
    '?spec=1',
    '/x',
    '//a'
  ])('%s is one', address => expect(isAddress(address)).toBe(true));
  it.each([
    'javascript:x',
    ' java\tscript:x',
    'JAVASCRIPT:x',
    '\u0001javascript:x',
    'data:x',
    'vbscript:x',
    'file:///x',
    'blob:x'
  ])('%j is none', address => expect(isAddress(address)).toBe(false));
});
