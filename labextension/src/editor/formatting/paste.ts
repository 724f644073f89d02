import { syntaxTree } from '@codemirror/language';
import { type EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

import { pasteTable } from './table';
import { tableOfCells } from './tableText';

/** HTML that is longer, in UTF-16 units, is pasted as plain text. */
const MOST_HTML = 1_000_000;
/** A table of more cells is pasted as plain text. */
const MOST_CELLS = 20_000;

/** Parts of the text in which Markdown means nothing. */
const LITERAL = /Code|Frontmatter|YAML|HTML|Comment/i;

/**
 * Pastes HTML as Markdown, and cells of a spreadsheet as a table. Pasting as plain text (Ctrl+Shift+V), in a block of
 * code, and what a code editor copied stay as they are.
 */
export const markdownPaste: Extension = EditorView.domEventHandlers({
  paste(event, view) {
    const { clipboardData } = event;
    if (!clipboardData || view.state.readOnly || clipboardData.files.length > 0) {
      return false;
    }
    const html = clipboardData.getData('text/html');
    const plain = clipboardData.getData('text/plain').replace(/\r\n?/g, '\n');
    const isCode = clipboardData.types.includes('vscode-editor-data');
    // CodeMirror makes a link of an address that is pasted over a selection.
    const isAddress = !view.state.selection.main.empty && /^https?:\/\/\S+$/.test(plain.trim());
    if (!html || html.length > MOST_HTML || isCode || isAddress || isLiteral(view.state)) {
      return false;
    }
    if (isTableOfCells(html, plain)) {
      pasteTable(view, tableOfCells(plain));
      return true;
    }
    pasteLater(view, html, plain);
    return true;
  }
});

function isLiteral(state: EditorState): boolean {
  const { head } = state.selection.main;
  for (let node = syntaxTree(state).resolveInner(head, -1); node.parent; node = node.parent) {
    if (LITERAL.test(node.name)) {
      return true;
    }
  }
  return false;
}

/** Whether the HTML is one table without a head, as spreadsheets copy it: then the text has its cells with tabs. */
function isTableOfCells(html: string, plain: string): boolean {
  const cells = plain.split(/[\t\n]/).length;
  if (!plain.includes('\t') || cells > MOST_CELLS || !/<table[\s>]/i.test(html)) {
    return false;
  }
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  const tables = body.querySelectorAll('table');
  const outside = [...body.querySelectorAll('p, h1, h2, h3, h4, h5, h6, li, pre')];
  return (
    tables.length === 1 &&
    body.querySelector('th, td table') === null &&
    outside.every(node => node.closest('table'))
  );
}

/** What converts HTML is loaded when it is first needed. Without it the plain text is pasted. */
function pasteLater(view: EditorView, html: string, plain: string): void {
  const insert = (text: string) => {
    if (view.dom.isConnected && !view.state.readOnly) {
      const change = view.state.replaceSelection(text);
      view.dispatch(change, { userEvent: 'input.paste', scrollIntoView: true });
    }
  };
  import('./htmlMarkdown').then(
    ({ markdownOf }) => insert(markdownOf(html) || plain),
    () => insert(plain)
  );
}
