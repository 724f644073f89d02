import { Facet, type EditorState } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';

import type { SpecConnection } from '../session';

/** Holds the connection that an editor is bound to. */
export const connectionFacet = Facet.define<SpecConnection, SpecConnection | null>({
  combine: connections => connections[0] ?? null
});

/** The connection of an editor; `null` if it is bound to none. */
export function connectionOf(state: EditorState): SpecConnection | null {
  return state.facet(connectionFacet);
}

/** Whether an editor is one of a spec. */
export function isSpecEditor({ state }: EditorView): boolean {
  return connectionOf(state) !== null;
}
