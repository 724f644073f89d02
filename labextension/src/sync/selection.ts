import type { Cursor } from '../protocol';
import { codePointLength, type Operation, type Text, transformPosition } from '../text';

/** A selection in code points: `head` is the caret, `anchor` the other end. */
export interface Selection {
  readonly anchor: number;
  readonly head: number;
}

export function sameSelection(a: Selection | null, b: Selection | null): boolean {
  return a === b || (a?.anchor === b?.anchor && a?.head === b?.head);
}

/** The selection after `operation`. Text that is inserted at an end moves that end right. */
export function moveSelection(selection: Selection, operation: Operation): Selection {
  return {
    anchor: transformPosition(selection.anchor, operation),
    head: transformPosition(selection.head, operation)
  };
}

/** Translates an offset after `operation` to the text before it; an offset in inserted text to its start. */
export function moveBack(offset: number, operation: Operation): number {
  let [before, after] = [0, 0];
  for (const component of operation.components) {
    if (typeof component === 'string') {
      const length = codePointLength(component);
      if (offset < after + length) {
        return before;
      }
      after += length;
    } else if (component < 0) {
      before -= component;
    } else {
      if (offset < after + component) {
        break;
      }
      before += component;
      after += component;
    }
  }
  return before + offset - after;
}

/** Translates a selection after `operation` to the text before it. */
export function movedBack(selection: Selection, operation: Operation): Selection {
  return {
    anchor: moveBack(selection.anchor, operation),
    head: moveBack(selection.head, operation)
  };
}

/** The protocol's form of a selection in `text`. */
export function toCursor(selection: Selection, text: Text): Cursor {
  const head = text.lineColumnOf(selection.head);
  if (selection.anchor === selection.head) {
    return head;
  }
  const anchor = text.lineColumnOf(selection.anchor);
  const [start, end] = selection.anchor < selection.head ? [anchor, head] : [head, anchor];
  return { ...head, selection: { start, end } };
}

/** The selection of a cursor in `text`, clamped to the text. */
export function fromCursor(cursor: Cursor, text: Text): Selection {
  const head = text.offsetOf(cursor.line, cursor.column);
  if (!cursor.selection) {
    return { anchor: head, head };
  }
  const { start, end } = cursor.selection;
  const [from, to] = [text.offsetOf(start.line, start.column), text.offsetOf(end.line, end.column)];
  return { anchor: head === from ? to : from, head };
}
