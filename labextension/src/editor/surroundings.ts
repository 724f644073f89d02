import type { EditorView } from '@codemirror/view';

import type { Box, Surroundings } from './flagPlacement';

/** What an editor shows, as it was measured; to be read while the editor measures. */
export function surroundingsOf(view: EditorView): Surroundings {
  const scroller = view.scrollDOM.getBoundingClientRect();
  const text = view.contentDOM.getBoundingClientRect();
  const bounds = {
    left: Math.max(scroller.left, text.left, gutterOf(view)?.right ?? 0),
    right: Math.min(scroller.right, text.right),
    top: Math.max(scroller.top, text.top),
    bottom: scroller.bottom
  };
  const shown = shownLetters(view);
  return { bounds, rowEnd: y => rowEnd(view, shown, y, text.right - 1) };
}

/** Letters that stand in no text of the editor and are read all the same: what is suggested, and what others draft. */
const SHOWN_LETTERS = '.cm-threadInserted, .cm-specDraft';

/** Where such letters are, row by row. */
function shownLetters({ contentDOM }: EditorView): readonly DOMRect[] {
  return [...contentDOM.querySelectorAll(SHOWN_LETTERS)].flatMap(each => [
    ...each.getClientRects()
  ]);
}

/** Whether a caret is scrolled sideways under the gutter. */
export function isUnderGutter(view: EditorView, caret: Pick<Box, 'left'>): boolean {
  const gutter = gutterOf(view);
  return gutter !== undefined && caret.left < gutter.right - 1;
}

function gutterOf(view: EditorView): DOMRect | undefined {
  return view.scrollDOM.querySelector('.cm-gutters')?.getBoundingClientRect();
}

function rowEnd(view: EditorView, shown: readonly DOMRect[], y: number, x: number): number {
  const position = view.posAtCoords({ x, y }, false);
  const end = view.coordsAtPos(position, -1);
  const ends = [...shown, ...(end ? [end] : [])]
    .filter(({ top, bottom }) => top <= y && y <= bottom)
    .map(({ right }) => right);
  return Math.max(-Infinity, ...ends);
}
