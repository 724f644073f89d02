import { describe, expect, it } from 'vitest';

import { renderedPlace } from '../../src/preview/renderedPlace';

/** What is on both sides of the place in the rendered text; `|` in the source is the position. */
function place(html: string, marked: string): readonly [before: string, after: string] {
  const block = document.createElement('div');
  block.innerHTML = html;
  const at = marked.indexOf('|');
  const { range, space } = renderedPlace(block, marked.replace('|', ''), at);
  const before = document.createRange();
  before.setStart(block, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const after = document.createRange();
  after.setStart(range.startContainer, range.startOffset);
  after.setEnd(block, block.childNodes.length);
  return [before.toString() + space, after.toString()];
}

describe('the place of a position in a rendered block', () => {
  it.each([
    ['in a word', '<p>Every Monday</p>', 'Every Mon|day', 'Every Mon', 'day'],
    ['at an end', '<p>Every Monday</p>', 'Every Monday|', 'Every Monday', ''],
    ['behind a space that is not rendered', '<p>Every</p>', 'Every |', 'Every ', ''],
    ['behind one that is', '<p>Every day</p>', 'Every |day', 'Every ', 'day'],
    ['in a heading', '<h2>Why</h2>', '## Why|', 'Why', ''],
    ['at the beginning', '<h2>Why</h2>', '## |Why', '', 'Why'],
    ['behind bold words', '<p><strong>a b</strong> c</p>', '**a b**| c', 'a b', ' c'],
    ['in bold words', '<p><strong>a b</strong> c</p>', '**a |b** c', 'a ', 'b c'],
    ['after a link', '<p>see <a>it</a> there</p>', 'see [it](x.md) there|', 'see it there', ''],
    ['of equal words', '<p>no<br>no<br>no</p>', 'no  \nno|  \nno', 'nono', 'no'],
    ['in an item', '<ul><li>one</li><li>two</li></ul>', '- one|\n- two', 'one', 'two']
  ])('%s', (_, html, marked, before, after) => {
    expect(place(html, marked)).toEqual([before, after]);
  });

  it('is the end of the last paragraph or item where it can’t be found', () => {
    expect(place('<p>1 &lt; 2</p>', '1 &lt;| 2')).toEqual(['1 < 2', '']);
    const block = document.createElement('div');
    block.innerHTML = '<ul><li>a</li><li>b</li></ul><span class="jp-SpecPreview-carets"></span>';
    const { range } = renderedPlace(block, '* x\n* y', 7);
    expect(range.startContainer).toBe(block.querySelectorAll('li')[1]);
  });

  it('does not count what is not in the source', () => {
    const link = '<a class="jp-SpecPreview-permalink">¶</a>';
    expect(place(`<h2>Why${link}</h2>`, '## Why|')).toEqual(['Why', '¶']);
  });

  it('of a long text is its end', () => {
    const text = 'word '.repeat(10_000);
    expect(place(`<p>${text}</p>`, `word |${text.slice(5)}`)).toEqual([text, '']);
  });
});
