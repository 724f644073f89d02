import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

import type { SpecConnection } from '../session';
import { capsLock } from './capsLock';
import { catchUp, collaboration } from './collaboration';
import { connectionOf } from './connectionFacet';
import { remoteCursors } from './cursors';
import { remoteDrafts } from './drafts';
import { firstCaret } from './firstCaret';
import { tableKeys } from './formatting';
import { lineBreak } from './lineBreak';
import { outlining } from './outline';
import { searching } from './search';
import { undoBindings } from './undo';
import { textParser } from './textParser';
import { updates } from './updates';

/** Pixels from the edge of the view within which a caret that is followed is brought further in. */
const NEAR_EDGE = 60;

/**
 * What makes an editor the editor of a spec. The editor has to be created with the text of the connection's document,
 * and without a history of its own. `Prec.high` sets its precedence over the editor's other extensions.
 */
export function specEditing(connection: SpecConnection): Extension {
  return [
    collaboration(connection),
    undoBindings,
    capsLock,
    lineBreak,
    tableKeys,
    searching,
    firstCaret(connection),
    remoteCursors(connection),
    remoteDrafts(connection),
    textParser,
    outlining,
    updates
  ];
}

/**
 * Scrolls to the caret of a session or user; `false` if its position isn't known. With `nearest` the view stays where it
 * is if the caret is well in it.
 */
export function revealUser(view: EditorView, sessionOrUserId: string, nearest = false): boolean {
  const connection = connectionOf(view.state);
  const cursors = connection?.cursors ?? [];
  const caret =
    cursors.find(({ sessionId }) => sessionId === sessionOrUserId) ??
    cursors.findLast(({ userId }) => userId === sessionOrUserId);
  if (caret && connection) {
    catchUp(view);
    const head = Math.min(connection.document.utf16Of(caret.head), view.state.doc.length);
    const to = nearest
      ? ({ y: 'nearest', yMargin: NEAR_EDGE } as const)
      : ({ y: 'center' } as const);
    view.dispatch({ effects: EditorView.scrollIntoView(head, to) });
  }
  return caret !== undefined;
}
