import '../kit/layout';

import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/** An editor of `marked`, in which `⟦` and `⟧` are the ends of the selection, or `¦` is the caret. */
export function editorOf(marked: string, extensions: Extension = []): EditorView {
  const caret = marked.indexOf('¦');
  const [from, to] = caret >= 0 ? [caret, caret] : [marked.indexOf('⟦'), marked.indexOf('⟧') - 1];
  const doc = marked.replace(/[¦⟦⟧]/g, '');
  const selection = { anchor: from, head: to };
  const state = EditorState.create({ doc, selection, extensions });
  return new EditorView({ parent: document.body, state });
}

/** The text with the selection, as {@link editorOf} takes it. */
export function markedText({ state }: EditorView): string {
  const { from, to, empty } = state.selection.main;
  const doc = state.doc.toString();
  return empty
    ? `${doc.slice(0, from)}¦${doc.slice(from)}`
    : `${doc.slice(0, from)}⟦${doc.slice(from, to)}⟧${doc.slice(to)}`;
}
