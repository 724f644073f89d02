import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

import type { SpecConnection } from '../session';
import { collaboration } from './collaboration';
import { connectionOf } from './connectionFacet';
import { remoteCursors } from './cursors';
import { readOnlyNote } from './readOnlyNote';
import { undoBindings } from './undo';

export interface SpecEditorOptions {
  readonly parent: Element | DocumentFragment;
  readonly connection: SpecConnection;
  /** Language, key map, wrapping and other extensions of the application; no history, which is built in. */
  readonly extensions?: Extension;
  /** A note to show above the text while the user is a viewer. */
  readonly readOnlyNote?: string;
}

/** Creates an editor for the connection's document; `destroy()` detaches it and leaves the connection open. */
export function createSpecEditor(options: SpecEditorOptions): EditorView {
  const { parent, connection, extensions = [], readOnlyNote: note } = options;
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: connection.document.toString(),
      extensions: [
        collaboration(connection),
        undoBindings,
        remoteCursors(connection),
        note ? readOnlyNote(connection, note) : [],
        extensions
      ]
    })
  });
}

/** Scrolls to the caret of a session or user; `false` if its position isn't known. */
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
