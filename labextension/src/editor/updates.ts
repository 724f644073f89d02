import { EditorView, type ViewUpdate } from '@codemirror/view';

import { Listeners } from '../runtime';

/** By editor, and not in its state, which JupyterLab may make anew. */
const listeners = new WeakMap<EditorView, Listeners<ViewUpdate>>();

/** Among the extensions of an editor for which {@link onUpdate} is called. */
export const updates = EditorView.updateListener.of(update =>
  listeners.get(update.view)?.tell(update)
);

/** Calls back with each update of an editor, which the listener must not answer by another one at once. */
export function onUpdate(view: EditorView, listener: (update: ViewUpdate) => void): () => void {
  const known = listeners.get(view) ?? new Listeners<ViewUpdate>();
  listeners.set(view, known);
  return known.add(listener);
}
