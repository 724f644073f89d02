import { type Extension, Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';

import type { Selection } from '../sync';
import type { SpecConnection } from '../session';
import { connectionOf } from './bound';
import { toRange, toSelection } from './changes';

type Take = (connection: SpecConnection, selection: Selection) => Selection | null;

const takeUndo: Take = (connection, selection) => connection.undo(selection);
const takeRedo: Take = (connection, selection) => connection.redo(selection);

/**
 * Undo and redo of this page's own edits, by the usual keys and by the browser's own menu.
 *
 * They take the keys even where there is nothing to undo: a history of another kind would take back what
 * others wrote.
 */
export const ownHistory: Extension = Prec.highest([
  keymap.of([
    { key: 'Mod-z', run: undoOwn, preventDefault: true },
    { key: 'Mod-y', mac: 'Mod-Shift-z', run: redoOwn, preventDefault: true },
    { linux: 'Ctrl-Shift-z', win: 'Ctrl-Shift-z', run: redoOwn, preventDefault: true }
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

/** Takes back the last edit that was made in this page; `true`, as a command that was dealt with. */
export function undoOwn(view: EditorView): boolean {
  return step(view, takeUndo, 'undo');
}

/** Does again what was undone last. */
export function redoOwn(view: EditorView): boolean {
  return step(view, takeRedo, 'redo');
}

function step(view: EditorView, take: Take, userEvent: string): boolean {
  const connection = connectionOf(view.state);
  if (!connection) {
    return false;
  }
  const present = toSelection(view.state.selection.main, connection.document);
  const restored = take(connection, present);
  if (restored) {
    const selection = toRange(restored, connection.document);
    view.dispatch({ selection, scrollIntoView: true, userEvent });
  }
  return true;
}
