import { Facet, type EditorState } from '@codemirror/state';

import type { SpecConnection } from '../session';

/** The connection that an editor is bound to. */
export const boundTo = Facet.define<SpecConnection, SpecConnection | null>({
  combine: connections => connections[0] ?? null
});

/** The connection of an editor; `null` for one that is bound to none. */
export function connectionOf(state: EditorState): SpecConnection | null {
  return state.facet(boundTo);
}
