/** The spec editor: CodeMirror bound to a connection, with everyone's carets and a history of one's own. */

import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

import type { SpecConnection } from '../session';
import { connectionOf } from './bound';
import { collaboration } from './collaboration';
import { remoteCursors } from './cursors';
import { ownHistory } from './history';
import { readOnlyNote } from './note';

export { connectionOf } from './bound';
export { safeColour } from './colours';
export { redoOwn, undoOwn } from './history';

export interface SpecEditorOptions {
  readonly parent: Element | DocumentFragment;
  readonly connection: SpecConnection;
  /** Language, key map, wrapping and what else the surrounding application wants. No history of its own. */
  readonly extensions?: Extension;
  /** Shown above the text while the user's role only lets them read. */
  readonly readOnlyNote?: string;
}

/** An editor on the connection's document; `destroy()` detaches it and leaves the connection open. */
export function createSpecEditor(options: SpecEditorOptions): EditorView {
  const { parent, connection, extensions = [], readOnlyNote: note } = options;
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: connection.document.toString(),
      extensions: [
        collaboration(connection),
        ownHistory,
        remoteCursors(connection),
        note ? readOnlyNote(connection, note) : [],
        extensions
      ]
    })
  });
}

/** Brings someone's caret into view, given their session or user id; `false` where it isn't known. */
export function revealUser(view: EditorView, sessionOrUserId: string): boolean {
  const connection = connectionOf(view.state);
  const cursors = connection?.cursors ?? [];
  const caret =
    cursors.find(({ sessionId }) => sessionId === sessionOrUserId) ??
    cursors.findLast(({ userId }) => userId === sessionOrUserId);
  if (caret && connection) {
    const head = Math.min(connection.document.utf16Of(caret.head), view.state.doc.length);
    view.dispatch({ effects: EditorView.scrollIntoView(head, { y: 'center' }) });
  }
  return caret !== undefined;
}
