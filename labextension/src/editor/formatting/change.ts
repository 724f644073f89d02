import {
  type ChangeSpec,
  EditorSelection,
  type EditorState,
  type SelectionRange,
  type TransactionSpec
} from '@codemirror/state';
import type { EditorView } from '@codemirror/view';

/** Where a position of the text before a change is after it; `side` says on which side of an insert at it. */
export type Mapped = (position: number, side: -1 | 1) => number;

/** A change of the text for one range of the selection. */
export interface Edit {
  readonly changes: ChangeSpec;
  /** The range after the change. */
  select(mapped: Mapped): SelectionRange;
}

/** Changes the text for each range of the selection; `false` if the text is read-only. */
export function change(
  view: EditorView,
  userEvent: string,
  edit: (state: EditorState, range: SelectionRange) => Edit | null
): boolean {
  const { state } = view;
  if (state.readOnly) {
    return false;
  }
  const changed: TransactionSpec = state.changeByRange(range => {
    const made = edit(state, range);
    if (!made) {
      return { range };
    }
    const changes = state.changes(made.changes);
    const { anchor, head } = made.select((position, side) => changes.mapPos(position, side));
    return { changes, range: EditorSelection.range(anchor, head) };
  });
  view.dispatch(changed, { userEvent, scrollIntoView: true });
  return true;
}
