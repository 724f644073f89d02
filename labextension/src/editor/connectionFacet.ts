import { Facet, type EditorState } from '@codemirror/state';

import type { SpecConnection } from '../session';

/** Holds the connection that an editor is bound to. */
export const connectionFacet = Facet.define<SpecConnection, SpecConnection | null>({
  combine: connections => connections[0] ?? null
});

/** The connection of an editor; `null` if it is bound to none. */
export function connectionOf(state: EditorState): SpecConnection | null {
  return state.facet(connectionFacet);
}
