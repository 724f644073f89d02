import type { EditorView } from '@codemirror/view';

import { attachedTo } from '../../editor/collaboration';

/** A card, and the position of the editor that it is beside. */
export interface Placing {
  readonly id: string;
  readonly position: number;
}

/** A card, and where its passage begins: pixels from the top of the scrolled text. */
export interface Passage {
  readonly id: string;
  readonly top: number;
}

/** Whether positions of the document are those of the editor, too: not while edits of others wait to be shown. */
export function hasTextOfDocument(view: EditorView): boolean {
  const attached = attachedTo(view);
  return !attached?.isBehind && attached?.text.utf16Length === view.state.doc.length;
}

/**
 * Where passages begin, in the order in which they are given. To be called in a measuring phase of the editor.
 *
 * It costs a look at the height of one line for each; only lines that are wrapped and near the view are asked for the
 * place of a letter.
 */
export function passagesIn(view: EditorView, places: readonly Placing[]): Passage[] {
  const { length } = view.state.doc;
  const { top } = view.scrollDOM.getBoundingClientRect();
  const origin = view.documentTop - top + view.scrollDOM.scrollTop;
  return places.map(({ id, position }) => ({
    id,
    top: origin + topOf(view, Math.min(position, length))
  }));
}

/** How far below the beginning of the text a position is, in pixels. */
export function topOf(view: EditorView, position: number): number {
  const block = view.lineBlockAt(position);
  const isWrapped = block.height > 1.6 * view.defaultLineHeight;
  const { from, to } = view.viewport;
  if (isWrapped && position >= from && position <= to) {
    const place = view.coordsAtPos(position, 1);
    if (place) {
      return place.top - view.documentTop;
    }
  }
  return block.top;
}
