import type { EditorView } from '@codemirror/view';

/** A rectangle in window coordinates, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
}

/** The place of a flag relative to the upper left corner of its caret, in pixels. */
export interface FlagPlace {
  readonly x: number;
  readonly y: number;
}

/** Pixels; equals the height in the theme. */
export const FLAG_HEIGHT = 14;
/** Pixels between a flag and the text left of it. */
const GAP = 6;
/** Rows to try, in order of preference: above, below, the caret's own, and one further up or down. */
const ROWS = [-1, 1, 0, -2, 2];
/** Pixels; a flag further to the right of its caret would not be recognised as its own. */
const FARTHEST = 240;

/**
 * The nearest place without text for a flag of `width` pixels; `null` if there is none near the caret.
 *
 * The candidates are the rows around the caret, at the caret or behind the end of the row's text.
 */
export function placeFlag(view: EditorView, caret: Box, width: number): FlagPlace | null {
  const height = caret.bottom - caret.top;
  const bounds = view.scrollDOM.getBoundingClientRect();
  const text = view.contentDOM.getBoundingClientRect();
  const places = ROWS.flatMap(row => {
    const middle = caret.top + (row + 0.5) * height;
    const top = middle - FLAG_HEIGHT / 2;
    if (top < Math.max(bounds.top, text.top) || top + FLAG_HEIGHT > bounds.bottom) {
      return [];
    }
    const afterText = rowEnd(view, middle, text) + GAP;
    const left = Math.max(caret.left - (row === 0 ? -GAP : 1), afterText);
    const right = Math.min(bounds.right, text.right);
    return left + width > right ? [] : [{ x: left - caret.left, y: top - caret.top }];
  });
  const distance = ({ x, y }: FlagPlace) => x + Math.abs(y);
  const nearest = places.reduce<FlagPlace | null>(
    (best, place) => (best && distance(best) <= distance(place) ? best : place),
    null
  );
  return nearest && nearest.x <= FARTHEST ? nearest : null;
}

/** The width of two initials in the gutter, in pixels. */
const INITIALS = 24;

/** The place in the gutter beside the caret's row; `null` if the gutter has no room for two initials. */
export function placeInGutter(view: EditorView, caret: Box): FlagPlace | null {
  const gutter = gutterOf(view);
  return gutter && gutter.width >= INITIALS
    ? { x: gutter.right - INITIALS - caret.left, y: 1 }
    : null;
}

/** Whether a caret is scrolled sideways under the gutter. */
export function isUnderGutter(view: EditorView, caret: Box): boolean {
  const gutter = gutterOf(view);
  return gutter !== undefined && caret.left < gutter.right - 1;
}

function gutterOf(view: EditorView): DOMRect | undefined {
  return view.scrollDOM.querySelector('.cm-gutters')?.getBoundingClientRect();
}

/** The right end of the text in the row at height `y`; `-Infinity` if there is no row. */
function rowEnd(view: EditorView, y: number, text: DOMRect): number {
  const position = view.posAtCoords({ x: text.right - 1, y }, false);
  const end = view.coordsAtPos(position, -1);
  return end && end.top <= y && y <= end.bottom ? end.right : -Infinity;
}
