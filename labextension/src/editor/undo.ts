import { type Extension, Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';

import type { SpecConnection } from '../session';
import type { Selection } from '../sync';
import { toRange, toSelection } from './changes';
import { catchUp } from './collaboration';
import { connectionOf } from './connectionFacet';

type Take = (connection: SpecConnection, selection: Selection) => Selection | null;

const takeUndo: Take = (connection, selection) => connection.undo(selection);
const takeRedo: Take = (connection, selection) => connection.redo(selection);

/**
 * Undo and redo of this page's own edits, by the usual keys and the browser's Edit menu.
 *
 * The keys are handled even if there is nothing to undo, since CodeMirror's own history would undo the edits of
 * others.
 */
export const undoBindings: Extension = Prec.highest([
  keymap.of([
    { key: 'Mod-z', run: undoOwn, preventDefault: true },
    { key: 'Mod-Shift-z', run: redoOwn, preventDefault: true },
    { key: 'Mod-y', mac: 'Mod-Shift-z', run: redoOwn, preventDefault: true }
  ]),
  EditorView.domEventHandlers({
    beforeinput(event, view) {
      const run = { historyUndo: undoOwn, historyRedo: redoOwn }[event.inputType];
      if (run) {
        event.preventDefault();
        run(view);
      }
      return run !== undefined;
    }
  })
]);

/** Undoes the last edit that was made in this page; `false` only for an editor without a connection. */
export function undoOwn(view: EditorView): boolean {
  return step(view, takeUndo, 'undo');
}

/** Repeats the edit that was undone last. */
export function redoOwn(view: EditorView): boolean {
  return step(view, takeRedo, 'redo');
}

function step(view: EditorView, take: Take, userEvent: string): boolean {
  const connection = connectionOf(view.state);
  if (!connection) {
    return false;
  }
  catchUp(view);
  const current = toSelection(view.state.selection.main, connection.document);
  const restored = take(connection, current);
  if (restored) {
    const selection = toRange(restored, connection.document);
    view.dispatch({ selection, scrollIntoView: true, userEvent });
  }
  return true;
}
