import type { EditorView } from '@codemirror/view';

import type { RemoteCaret } from '../presence';
import { toRange } from './changes';
import { attachedTo } from './collaboration';
import { connectionOf } from './connectionFacet';

/** Where the carets of others are in the editor's text, which may lack edits that the document has; in UTF-16 units. */
export function caretPlaces(
  view: EditorView
): { readonly caret: RemoteCaret; readonly head: number }[] {
  const connection = connectionOf(view.state);
  const attached = attachedTo(view);
  return (connection?.cursors ?? []).map(caret => ({
    caret,
    head: attached
      ? toRange(attached.inView(caret), attached.text).head
      : toRange(caret, connection!.document).head
  }));
}
