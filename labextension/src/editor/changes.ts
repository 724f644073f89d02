/**
 * Converts between CodeMirror's changes and operations. Only this module counts in UTF-16.
 *
 * CodeMirror counts UTF-16 units and a line end as one unit; operations count code points. A `ChangeSet` is
 * only read or dispatched, never transformed, since it orders concurrent insertions differently from the
 * protocol.
 */
import {
  type ChangeSet,
  type ChangeSpec,
  type EditorState,
  EditorSelection,
  type SelectionRange,
  type Text as EditorText,
  type Transaction
} from '@codemirror/state';

import type { Selection } from '../sync';
import { codePointLength, type Operation, OperationBuilder, type Text } from '../text';

/**
 * The operation for a transaction's changes to the document `before`.
 *
 * A change that begins or ends inside a surrogate pair is extended to the whole pair.
 *
 * Law (`changes.test.ts`): `toOperation(...)` applied to `before` is the new document.
 */
export function toOperation(changes: ChangeSet, before: Text, after: EditorText): Operation {
  const operation = new OperationBuilder();
  let position = 0;
  changes.iterChanges((fromA, toA, fromB, toB) => {
    const [from, to] = [before.codePointOf(fromA), endOf(before, toA)];
    const left = fromA - before.utf16Of(from);
    const right = before.utf16Of(to) - toA;
    operation.retain(from - position);
    operation.insert(after.sliceString(fromB - left, toB + right, '\n'));
    operation.delete(to - from);
    position = to;
  });
  return operation.build();
}

/** By how many code points the text becomes longer by a transaction's changes to the document `before`. */
export function growthOf(changes: ChangeSet, before: EditorText): number {
  let growth = 0;
  changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
    growth +=
      codePointLength(inserted.toString()) - codePointLength(before.sliceString(fromA, toA));
  });
  return growth;
}

/** The offset of a UTF-16 index; that of the end of the pair if the index is inside one. */
function endOf(text: Text, index: number): number {
  const offset = text.codePointOf(index);
  return text.utf16Of(offset) < index ? offset + 1 : offset;
}

/** The changes that apply `operation` to an editor that shows `before`. */
export function toChanges(operation: Operation, before: Text): ChangeSpec[] {
  const changes: { from: number; to: number; insert: string }[] = [];
  let position = 0;
  for (const component of operation.components) {
    if (typeof component === 'number' && component > 0) {
      position += component;
      continue;
    }
    const from = before.utf16Of(position);
    if (typeof component === 'string') {
      changes.push({ from, to: from, insert: component });
    } else {
      position -= component;
      changes.push({ from, to: before.utf16Of(position), insert: '' });
    }
  }
  return changes;
}

/** An editor's selection as offsets in the same text. */
export function toSelection(range: SelectionRange, text: Text): Selection {
  return { anchor: text.codePointOf(range.anchor), head: text.codePointOf(range.head) };
}

/** The reverse of {@link toSelection}. */
export function toRange(selection: Selection, text: Text): SelectionRange {
  return EditorSelection.range(text.utf16Of(selection.anchor), text.utf16Of(selection.head));
}

const UNCLEAN = /\r\n?|\0|\p{Surrogate}/gu;

/**
 * Changes to append to a transaction so that the server accepts the document, for example after a paste.
 *
 * Line ends become newlines, NULs are removed, and a lone surrogate becomes U+FFFD.
 */
export function cleaning(transaction: Transaction): ChangeSpec[] {
  const { newDoc } = transaction;
  const changes: ChangeSpec[] = [];
  let done = 0;
  transaction.changes.iterChangedRanges((_fromA, _toA, fromB, toB) => {
    const from = Math.max(done, pairStart(newDoc, Math.max(0, fromB - 1)));
    const to = pairStart(newDoc, Math.min(newDoc.length, toB + 1));
    const end = to < toB ? to + 2 : to;
    const text = newDoc.sliceString(from, Math.max(from, end), '\n');
    for (const match of text.matchAll(UNCLEAN)) {
      const start = from + match.index;
      changes.push({ from: start, to: start + match[0].length, insert: cleaned(match[0]) });
    }
    done = Math.max(done, end);
  });
  return changes;
}

function cleaned(found: string): string {
  if (found === '\0') {
    return '';
  }
  return found.startsWith('\r') ? '\n' : '\ufffd';
}

/** `index`, or the index before it if it is inside a surrogate pair. */
function pairStart(text: EditorText, index: number): number {
  const around = text.sliceString(Math.max(0, index - 1), index + 1);
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(around) ? index - 1 : index;
}

/** Whether an editor's document equals this text. Slow; for tests and assertions. */
export function shows(state: EditorState, text: Text): boolean {
  return state.doc.sliceString(0, state.doc.length, '\n') === text.toString();
}
