import type { Extension } from '@codemirror/state';
import { EditorView, type ViewUpdate } from '@codemirror/view';

import { Listeners } from '../runtime';

const listeners = new WeakMap<EditorView, Listeners<ViewUpdate>>();

/** Tells those who asked by {@link onUpdate}. JupyterLab may make an editor's state anew; they are told on. */
export const updates: Extension = EditorView.updateListener.of(update =>
  listeners.get(update.view)?.tell(update)
);

/** Calls back after each update of the editor of a spec; returns a function that ends it. */
export function onUpdate(view: EditorView, listener: (update: ViewUpdate) => void): () => void {
  const all = listeners.get(view) ?? new Listeners<ViewUpdate>();
  listeners.set(view, all);
  return all.add(listener);
}
