import {
  type ChangeSpec,
  EditorSelection,
  type EditorState,
  type SelectionRange
} from '@codemirror/state';
import type { EditorView } from '@codemirror/view';

import { change, type Edit } from './change';

/** What stands on both sides of emphasised text. */
export type InlineMark = '**' | '*' | '`' | '~~';

/** A piece of the text, in UTF-16 units. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Marks that stand before the text of a line, which emphasis leaves out. */
const LINE_MARKS = /^\s*(?:#{1,6} +|(?:> *)*(?:(?:[-*+]|\d{1,9}[.)]) +(?:\[[ xX]\] +)?)?)/;

/**
 * Emphasises what is selected, or ends its emphasis: of an empty selection the word at the caret, of several lines
 * the text of each. Without a word at the caret what is typed next is emphasised. `false` if the text is read-only.
 *
 * Law (`inline.test.ts`, "twice changes nothing"): it undoes itself.
 */
export function toggleInline(view: EditorView, mark: InlineMark): boolean {
  return change(view, 'input.format', (state, range) => {
    const spans = spansOf(state, range);
    if (spans.length === 0) {
      return atCaret(state, range.head, mark);
    }
    const isOn = spans.every(span => marksOf(state, span, mark) !== null);
    const changes = spans.flatMap((span): readonly ChangeSpec[] => {
      const marks = marksOf(state, span, mark);
      if (isOn && marks) {
        return marks.map(({ from, to }) => ({ from, to }));
      }
      return marks ? [] : [span.from, span.to].map(from => ({ from, insert: mark }));
    });
    const first = spans[0].from;
    const last = spans[spans.length - 1].to;
    return { changes, select: mapped => selectionOf(range, mapped(first, 1), mapped(last, -1)) };
  });
}

/** The text to emphasise: without spaces at its ends, and line by line. */
function spansOf(state: EditorState, range: SelectionRange): readonly Span[] {
  const { from, to } = range.empty ? (state.wordAt(range.head) ?? range) : range;
  const spans: Span[] = [];
  for (let position = from; position <= to;) {
    const line = state.doc.lineAt(position);
    const prefix = LINE_MARKS.exec(line.text)?.[0].length ?? 0;
    const start = Math.max(from, line.from + prefix);
    const end = Math.min(to, line.to);
    const text = start < end ? state.sliceDoc(start, end) : '';
    if (text.trim()) {
      const before = text.length - text.trimStart().length;
      spans.push({ from: start + before, to: start + before + text.trim().length });
    }
    position = line.to + 1;
  }
  return spans;
}

/** The marks of this kind on both sides of `span`, each inside or outside of it; `null` if it has none. */
function marksOf(state: EditorState, span: Span, mark: InlineMark): readonly [Span, Span] | null {
  const text = state.sliceDoc(span.from, span.to);
  const from = span.from + runAt(text, mark[0]);
  const to = span.to - runAtEnd(text, mark[0]);
  if (from >= to) {
    return null;
  }
  const line = state.doc.lineAt(from);
  const before = runAtEnd(state.sliceDoc(line.from, from), mark[0]);
  const after = runAt(state.sliceDoc(to, line.to), mark[0]);
  const { length } = mark;
  return holds(Math.min(before, after), mark)
    ? [
        { from: from - length, to: from },
        { from: to, to: to + length }
      ]
    : null;
}

/** Whether so many equal characters are this mark: three asterisks are both `**` and `*`, two are no `*`. */
function holds(count: number, mark: InlineMark): boolean {
  return mark === '*' ? count === 1 || count >= 3 : count >= mark.length;
}

function runAt(text: string, character: string): number {
  let count = 0;
  while (text[count] === character) {
    count++;
  }
  return count;
}

function runAtEnd(text: string, character: string): number {
  let count = 0;
  while (count < text.length && text[text.length - 1 - count] === character) {
    count++;
  }
  return count;
}

/** Puts two marks around the caret, or takes them away if there is nothing between them. */
function atCaret(state: EditorState, head: number, mark: InlineMark): Edit {
  const { length } = mark;
  const isBetween = state.sliceDoc(head - length, head + length) === mark + mark;
  if (isBetween) {
    const changes = { from: head - length, to: head + length };
    return { changes, select: () => EditorSelection.cursor(head - length) };
  }
  const changes = { from: head, insert: mark + mark };
  return { changes, select: () => EditorSelection.cursor(head + length) };
}

/** The emphasised text, selected in the direction of `range`; just the caret where nothing was selected. */
function selectionOf(range: SelectionRange, from: number, to: number): SelectionRange {
  if (range.empty) {
    return EditorSelection.cursor(to);
  }
  return range.head < range.anchor
    ? EditorSelection.range(to, from)
    : EditorSelection.range(from, to);
}
