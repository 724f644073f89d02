import type { EditorView } from '@codemirror/view';

import { toSelection } from './changes';
import { attachedTo } from './collaboration';
import { connectionOf } from './connectionFacet';

/** Asks everybody in the spec to come to the caret of an editor. */
export function summonTo(view: EditorView): void {
  const connection = connectionOf(view.state);
  const attached = attachedTo(view);
  if (connection && attached) {
    const own = toSelection(view.state.selection.main, attached.text);
    connection.setCursor(attached.inDocument(own));
    connection.summon();
  }
}
