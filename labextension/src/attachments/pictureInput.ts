import { type Extension, Prec } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

import { inBackground } from '../ui/failure';
import { filesIn } from './accepted';
import { placeholders } from './placeholders';
import type { Pictures } from './uploading';

/** Lets an editor take pictures that are pasted or dropped. */
export function pictureInput(pictures: Pictures): Extension {
  const take = (view: EditorView, transfer: DataTransfer | null, position: () => number) => {
    const files = filesIn(transfer);
    if (files.length === 0) {
      return false;
    }
    inBackground(pictures.insert(view, files, position()));
    return true;
  };
  return [
    placeholders,
    Prec.highest(
      EditorView.domEventHandlers({
        paste: (event, view) =>
          take(view, event.clipboardData, () => {
            const { from, to } = view.state.selection.main;
            if (from < to && !view.state.readOnly) {
              view.dispatch({ changes: { from, to }, userEvent: 'delete.selection' });
            }
            return from;
          }),
        drop: (event, view) =>
          take(
            view,
            event.dataTransfer,
            () =>
              view.posAtCoords({ x: event.clientX, y: event.clientY }) ??
              view.state.selection.main.head
          )
      })
    )
  ];
}
