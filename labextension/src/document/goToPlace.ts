import { EditorView } from '@codemirror/view';

import { catchUp } from '../editor';
import type { PlaceInText } from '../tokens';
import type { SpecDocument } from './document';

/** UTF-16 units around a place in which its words are looked for: the text may have changed since. */
const AROUND = 20_000;

/** Selects a place in a spec, or the word there, as soon as its text is in the page. */
export function goToPlace(widget: SpecDocument, place: PlaceInText): void {
  const { connection } = widget;
  const go = () => {
    if (connection.state.status === 'connecting' || widget.isDisposed) {
      return false;
    }
    const { editor } = widget.content;
    catchUp(editor);
    const at = Math.min(
      connection.document.utf16Of(clamped(place, widget)),
      editor.state.doc.length
    );
    const { from, to } = wordNear(editor, at, place.words ?? '');
    editor.dispatch({
      selection: { anchor: from, head: to },
      effects: EditorView.scrollIntoView(from, { y: 'center' })
    });
    widget.content.preview?.showPosition(from);
    return true;
  };
  if (!go()) {
    const unsubscribe = connection.subscribe(() => {
      if (widget.isDisposed || go()) {
        unsubscribe();
      }
    });
  }
}

function clamped({ position }: PlaceInText, { connection }: SpecDocument): number {
  return Math.min(position, connection.document.length);
}

/** The range of the word that begins as one of `words` does, nearest to a position; else the position. */
export function wordNear(
  { state: { doc } }: EditorView,
  position: number,
  words: string
): { from: number; to: number } {
  const start = Math.max(0, position - AROUND);
  const text = doc.sliceString(start, position + AROUND).toLowerCase();
  let best = { from: position, to: position };
  let nearest = Infinity;
  for (const word of words.toLowerCase().split(/\s+/).filter(Boolean)) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
      const distance = Math.abs(start + at - position);
      if (distance < nearest) {
        nearest = distance;
        best = { from: start + at, to: start + at + word.length };
      } else if (start + at > position) {
        break;
      }
    }
  }
  return best;
}
