import { markdown, markdownLanguage } from '@codemirror/lang-markdown';
import type { EditorView } from '@codemirror/view';
import { describe, expect, it } from 'vitest';

import { markdownPaste } from '../../../src/editor/formatting';
import { markdownOf } from '../../../src/editor/formatting/htmlMarkdown';
import { editorOf } from './kit';

/** Pastes; returns whether the page did it, and not CodeMirror or the browser. */
function paste(
  view: EditorView,
  html: string,
  plain: string,
  more: Record<string, string> = {}
): boolean {
  const data: Record<string, string> = { 'text/html': html, 'text/plain': plain, ...more };
  const event = new Event('paste', { cancelable: true, bubbles: true });
  Object.defineProperty(event, 'clipboardData', {
    value: { files: [], types: Object.keys(data), getData: (type: string) => data[type] ?? '' }
  });
  view.contentDOM.dispatchEvent(event);
  return event.defaultPrevented;
}

const editor = (text: string) =>
  editorOf(text, [markdown({ base: markdownLanguage }), markdownPaste]);

describe('pasted HTML', () => {
  it('becomes Markdown', async () => {
    const view = editor('see ¦.');
    expect(
      paste(view, '<p><b>this</b> <a href="https://example.org/">page</a></p>', 'this page')
    ).toBe(true);
    await expect
      .poll(() => view.state.doc.toString(), { timeout: 60_000 })
      .toBe('see **this** [page](https://example.org/).');
  });

  it('of a spreadsheet becomes a table', () => {
    const view = editor('¦');
    const html =
      '<meta charset="utf-8"><table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>';
    paste(view, html, 'a\tb\n1\t2');
    expect(view.state.doc.toString()).toBe('|   a |   b |\n| --: | --: |\n|   1 |   2 |\n');
  });

  it('stays plain text in a block of code, and from a code editor', () => {
    const view = editor('```\n¦\n```\n');
    paste(view, '<b>x</b>', 'x');
    expect(view.state.doc.toString()).toBe('```\nx\n```\n');
    const other = editor('¦');
    paste(other, '<div><span>a</span></div>', 'a', { 'vscode-editor-data': '{}' });
    expect(other.state.doc.toString()).toBe('a');
  });

  it.each([
    ['<h2>Title</h2><ul><li>one<ul><li>two</li></ul></li></ul>', '## Title\n\n- one\n  - two'],
    ['<ol start="3"><li>three</li><li>four</li></ol>', '3. three\n4. four'],
    [
      '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>',
      '| a   | b   |\n| --- | --- |\n| 1   | 2   |'
    ],
    ['<script>alert(1)</script><style>p{}</style><p onclick="x()">text</p>', 'text'],
    ['<p>a<img src="data:image/png;base64,AAAA" alt="chart">b</p>', 'achartb'],
    [
      '<p>a<img src="https://example.org/a.png" alt="chart"></p>',
      'a![chart](https://example.org/a.png)'
    ],
    ['<pre><code>x = 1\ny = 2</code></pre>', '```\nx = 1\ny = 2\n```']
  ])('%s is %j', (html, expected) => {
    expect(markdownOf(html)).toBe(expected);
  });
});
