import type { EditorView } from '@codemirror/view';

import { safeColour } from '../editor';
import { caretPlaces } from '../editor/caretPlaces';

/** Somebody whose caret is out of view. */
export interface Outside {
  readonly userId: string;
  readonly userName: string;
  readonly color: string;
}

export interface Outsiders {
  readonly above: readonly Outside[];
  readonly below: readonly Outside[];
}

/** Whose carets are above and below what an editor shows: each person once, by the caret that moved last. */
export function outsiders(view: EditorView, me: string | null): Outsiders {
  const { scrollTop, clientHeight } = view.scrollDOM;
  const scale = view.scaleY || 1;
  const above: Outside[] = [];
  const below: Outside[] = [];
  const byUser = new Map(caretPlaces(view).map(place => [place.caret.userId, place]));
  for (const { caret, head } of byUser.values()) {
    const { userId, userName } = caret;
    if (userId === me) {
      continue;
    }
    const { top, bottom } = lineOf(view, head);
    const person = { userId, userName, color: safeColour(caret.color, userId) };
    if (bottom <= scrollTop / scale) {
      above.push(person);
    } else if (top >= (scrollTop + clientHeight) / scale) {
      below.push(person);
    }
  }
  return { above, below };
}

/** Where the row of a position is, from the top of the scrolled content; its whole line if that is not drawn. */
function lineOf(view: EditorView, position: number): { top: number; bottom: number } {
  const at = Math.min(position, view.state.doc.length);
  const block = view.lineBlockAt(at);
  const padding = view.documentPadding.top;
  return { top: block.top + padding, bottom: block.bottom + padding };
}
