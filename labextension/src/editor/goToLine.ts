import { EditorView } from '@codemirror/view';

/** Puts the caret at the start of a line, from 1, and scrolls there; to the nearest line where there is no such one. */
export function goToLine(view: EditorView, line: number): void {
  const { doc } = view.state;
  const number = Math.min(Math.max(1, Math.trunc(line) || 1), doc.lines);
  const anchor = doc.line(number).from;
  view.dispatch({
    selection: { anchor },
    effects: EditorView.scrollIntoView(anchor, { y: 'center' })
  });
}
