import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cleanText, fileNameOf, TITLE_LENGTH, titleOf } from '../../src/markdown/title';
import { checkContent } from '../../src/text';

describe('titleOf', () => {
  it.each([
    ['---\ntitle: Churn model\nstatus: draft\n---\n# Other', 'Churn model'],
    ['---\nstatus: draft\ntitle: "Churn: model"\n---\n', 'Churn: model'],
    ['---\nstatus: draft\n---\n\n## Second level ##\n', 'Second level'],
    ['text\n\n# Heading\n', 'Heading'],
    ['```sh\n# a comment\n```\n\n# Heading', 'Heading'],
    ['title: not front matter', 'notes'],
    ['', 'notes'],
    ['#hashtag', 'notes']
  ])('%j is called %j', (markdown, title) => {
    expect(titleOf(markdown, 'docs/notes.md')).toBe(title);
  });

  it('is never empty nor longer than the server accepts', () => {
    expect(titleOf('', '')).toBe('Untitled');
    expect([...titleOf(`# ${'😀'.repeat(300)}`, '')]).toHaveLength(TITLE_LENGTH);
  });
});

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

describe('fileNameOf', () => {
  it.each([
    ['Churn model', 'Churn model.md'],
    ['a/b: "c"', 'a-b- -c.md'],
    ['../..', 'spec.md'],
    ['日本語', '日本語.md']
  ])('%j becomes %j', (title, name) => {
    expect(fileNameOf(title)).toBe(name);
  });
});
