import { EditorSelection, type EditorState, type Line } from '@codemirror/state';
import { type EditorView, keymap } from '@codemirror/view';

import { cellSpans, isDelimiter, readTable, type Table, tableLines } from './tableText';

/** How far a table is looked for above and below the caret, in lines. */
const MOST_LINES = 5_000;

/** In a table Tab goes to the next cell, and after the last one begins a row; Shift+Tab goes back. */
export const tableKeys = keymap.of([
  { key: 'Tab', run: view => goToCell(view, 1), shift: view => goToCell(view, -1) }
]);

/** Inserts a table after the line with the caret, and selects its first cell. `false` if the text is read-only. */
export function insertTable(view: EditorView, columns: readonly string[]): boolean {
  const { state } = view;
  if (state.readOnly) {
    return false;
  }
  const row = columns.map(() => '');
  const alignments = columns.map(() => 'none' as const);
  return insertBlock(view, tableLines({ rows: [columns, row, row], alignments }), block => ({
    anchor: block + 2,
    head: block + 2 + columns[0].length
  }));
}

/** Inserts a table in place of the selection, as a block of its own. */
export function pasteTable(view: EditorView, table: Table): void {
  const lines = tableLines(table);
  const length = lines.join('\n').length;
  insertBlock(view, lines, block => ({ anchor: block + length, head: block + length }));
}

/** Makes the columns of the table at the caret straight. `false` if there is none, or the text is read-only. */
export function alignTable(view: EditorView): boolean {
  const { state } = view;
  const lines = tableAt(state, state.selection.main.head);
  if (!lines || state.readOnly) {
    return false;
  }
  const aligned = tableLines(readTable(lines.map(({ text }) => text)));
  const changes = lines.flatMap((line, index) =>
    line.text === aligned[index] ? [] : [{ from: line.from, to: line.to, insert: aligned[index] }]
  );
  const place = cellAt(lines, state.selection.main.head);
  view.dispatch({ changes, userEvent: 'input.format' });
  const row = view.state.doc.line(lines[0].number + place.row);
  const cell = cellSpans(row.text)[place.column];
  if (cell) {
    view.dispatch({ selection: { anchor: row.from + cell.to }, scrollIntoView: true });
  }
  return true;
}

function insertBlock(
  view: EditorView,
  lines: readonly string[],
  select: (block: number) => { readonly anchor: number; readonly head: number }
): boolean {
  const { state } = view;
  const { from, to } = state.selection.main;
  const [first, last] = [state.doc.lineAt(from), state.doc.lineAt(to)];
  const before = state.sliceDoc(first.from, from).trim() === '';
  const start = before ? first.from : from;
  const blankAbove = first.number === 1 || state.doc.line(first.number - 1).text.trim() === '';
  const lead = before ? (blankAbove ? '' : '\n') : '\n\n';
  const after = state.sliceDoc(to, last.to).trim() === '';
  const blankBelow =
    last.number < state.doc.lines && state.doc.line(last.number + 1).text.trim() === '';
  const tail = after ? (blankBelow ? '' : '\n') : '\n\n';
  const insert = `${lead}${lines.join('\n')}${tail}`;
  const { anchor, head } = select(start + lead.length);
  view.dispatch({
    changes: { from: start, to: after ? last.to : to, insert },
    selection: EditorSelection.range(anchor, head),
    userEvent: 'input.paste',
    scrollIntoView: true
  });
  return true;
}

/** Goes to the next or previous cell of the table at the caret; `false` if there is none. */
function goToCell(view: EditorView, step: 1 | -1): boolean {
  const { state } = view;
  const { main, ranges } = state.selection;
  const lines = ranges.length === 1 && !state.readOnly ? tableAt(state, main.head) : null;
  if (!lines) {
    return false;
  }
  const cells = lines.flatMap((line, row) =>
    row === 1
      ? []
      : cellSpans(line.text).map(({ from, to }) => ({ from: line.from + from, to: line.from + to }))
  );
  const next = step > 0 ? cells.find(({ from }) => from > main.to) : undefined;
  const previous = step < 0 ? cells.findLast(({ to }) => to < main.from) : undefined;
  const cell = next ?? previous;
  if (cell) {
    view.dispatch({ selection: { anchor: cell.from, head: cell.to }, scrollIntoView: true });
    return true;
  }
  if (step < 0) {
    return false;
  }
  const last = lines[lines.length - 1];
  const width = cellSpans(lines[0].text).length;
  const insert = `\n|${'  |'.repeat(width)}`;
  const anchor = last.to + '\n| '.length;
  view.dispatch({
    changes: { from: last.to, insert },
    selection: { anchor },
    userEvent: 'input',
    scrollIntoView: true
  });
  return true;
}

/** The row and the column that a position of a table is in. */
function cellAt(lines: readonly Line[], position: number): { row: number; column: number } {
  const row = lines.findIndex(({ from, to }) => from <= position && position <= to);
  const cells = cellSpans(lines[row].text);
  const inLine = position - lines[row].from;
  const column = cells.findIndex(({ to }) => inLine <= to);
  return { row, column: column < 0 ? cells.length - 1 : column };
}

/** The lines of the table at a position; `null` if there is none. */
function tableAt(state: EditorState, position: number): readonly Line[] | null {
  const { doc } = state;
  const at = doc.lineAt(position);
  if (!at.text.includes('|')) {
    return null;
  }
  const isRow = (number: number) =>
    number >= 1 && number <= doc.lines && doc.line(number).text.includes('|');
  let first = at.number;
  while (isRow(first - 1) && at.number - first < MOST_LINES) {
    first--;
  }
  let last = at.number;
  while (isRow(last + 1) && last - at.number < MOST_LINES) {
    last++;
  }
  const lines = Array.from({ length: last - first + 1 }, (_, index) => doc.line(first + index));
  const delimiter = lines.findIndex(({ text }) => isDelimiter(text));
  const table = delimiter < 1 ? [] : lines.slice(delimiter - 1);
  return table.some(({ number }) => number === at.number) ? table : null;
}
