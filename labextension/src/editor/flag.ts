import type { EditorView } from '@codemirror/view';

/** A rectangle in the coordinates of the window, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where a flag goes, relative to its caret's upper left corner, in pixels. */
export interface FlagPlace {
  readonly x: number;
  readonly y: number;
}

/** Pixels, as the theme has them. */
export const FLAG_HEIGHT = 14;
/** Pixels between a flag and the text left of it. */
const GAP = 6;
/** Rows to look at, in the order of liking: above, below, beside, and one further. */
const ROWS = [-1, 1, 0, -2, 2];
/** A flag further from its caret than this, in pixels, says nothing. */
const FARTHEST = 240;

/**
 * The nearest place for a flag of `width` where there is no text: above the caret if the row above is short
 * enough, else below, beside or behind the end of a row near by; `null` where all of them are full.
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
    const behindText = rowEnd(view, middle, text) + GAP;
    const left = Math.max(caret.left - (row === 0 ? -GAP : 1), behindText);
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

/** Pixels that two initials take in the gutter. */
const INITIALS = 24;

/** The gutter beside a caret's row, where it has room for two initials: there is no text in it either. */
export function placeInGutter(view: EditorView, caret: Box): FlagPlace | null {
  const gutter = gutterOf(view);
  return gutter && gutter.width >= INITIALS
    ? { x: gutter.right - INITIALS - caret.left, y: 1 }
    : null;
}

/** Whether a caret has scrolled away sideways, under the gutter. */
export function isUnderGutter(view: EditorView, caret: Box): boolean {
  const gutter = gutterOf(view);
  return gutter !== undefined && caret.left < gutter.right - 1;
}

function gutterOf(view: EditorView): DOMRect | undefined {
  return view.scrollDOM.querySelector('.cm-gutters')?.getBoundingClientRect();
}

/** The first letters of the first two words of a name. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(word => word);
  return words
    .slice(0, 2)
    .map(word => [...word][0].toLocaleUpperCase())
    .join('');
}

/** Where the text of the row at height `y` ends; far left where there is no row. */
function rowEnd(view: EditorView, y: number, text: DOMRect): number {
  const position = view.posAtCoords({ x: text.right - 1, y }, false);
  const end = view.coordsAtPos(position, -1);
  return end && end.top <= y && y <= end.bottom ? end.right : -Infinity;
}
