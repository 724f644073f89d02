import { describe, expect, it } from 'vitest';

import { pictureMarkdown, picturesIn, withWidth } from '../../src/markdown/pictureText';

const ID = 'ab'.repeat(32);
const PATH = `attachments/${ID}.png`;

describe('pictures in a text', () => {
  it('are found in Markdown and in HTML, with their words', () => {
    const text = `a ![Two \\[x\\]](${PATH} "A title") b <img src="${PATH}" width="300" alt="a &quot;b&quot;"> c`;
    expect(picturesIn(text)).toEqual([
      {
        from: 2,
        to: text.indexOf(' b <'),
        attachmentId: ID,
        path: PATH,
        alt: 'Two [x]',
        title: 'A title',
        width: null
      },
      {
        from: text.indexOf('<img'),
        to: text.indexOf(' c'),
        attachmentId: ID,
        path: PATH,
        alt: 'a "b"',
        title: '',
        width: '300'
      }
    ]);
  });

  it('are only those of the spec', () => {
    const others = `![a](https://example.org/a.png) <img src="x.png"> ![b](attachments/short.png) ${PATH}`;
    expect(picturesIn(others)).toEqual([]);
  });

  it('take time in proportion to the text', () => {
    for (const piece of ['![', '<img ', '![a](attachments/', '<img src="', "<img a='", '![\\']) {
      expect(picturesIn(piece.repeat(20_000))).toEqual([]);
    }
  });
});

describe('a new picture', () => {
  it('is named by its file, whatever the name has in it', () => {
    for (const name of ['plot.png', 'a [b] *c* <d> `e` \\ !_&.jpeg', 'two\nlines.gif', '']) {
      const [picture] = picturesIn(pictureMarkdown(name, PATH));
      expect(picture?.alt).toBe(name.replace(/\.\w+$/, '').replace('\n', ' '));
    }
  });

  it('keeps its words when it gets a width, and again another one', () => {
    const [picture] = picturesIn(`![a "b" <c> & d](${PATH} "t")`);
    const first = withWidth(picture!, 320.4);
    expect(first).toBe(
      `<img src="${PATH}" width="320" alt="a &quot;b&quot; &lt;c&gt; &amp; d" title="t">`
    );
    const [again] = picturesIn(first);
    expect(withWidth(again!, 200)).toBe(first.replace('320', '200'));
  });
});
