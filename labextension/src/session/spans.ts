import type { Selection } from '../sync';
import { codePointLength, normalise, type Operation } from '../text';

/** One of the ranges that an edit changes. Offsets in code points. */
export interface Span {
  /** Where the deleted text begins and ends, in the text before the edit. */
  readonly oldStart: number;
  readonly oldEnd: number;
  /** Where the inserted text begins and ends, in the text after the edit. */
  readonly start: number;
  readonly end: number;
}

/** The ranges that an edit changes, from the first to the last: one for each caret, for example. */
export function spansOf(operation: Operation): readonly Span[] {
  const spans: Span[] = [];
  let [oldStart, start, oldEnd, end] = [0, 0, 0, 0];
  const close = () => {
    if (oldEnd > oldStart || end > start) {
      spans.push({ oldStart, oldEnd, start, end });
    }
  };
  for (const component of normalise(operation).components) {
    if (typeof component === 'string') {
      end += codePointLength(component);
    } else if (component < 0) {
      oldEnd -= component;
    } else {
      close();
      [oldStart, start] = [oldEnd + component, end + component];
      [oldEnd, end] = [oldStart, start];
    }
  }
  close();
  return spans;
}

/** The selection where it touches a changed range, else the end of the first one; in the text after the edit. */
export function selectionAt(spans: readonly Span[], selection: Selection | null): Selection | null {
  const touches = ({ anchor, head }: Selection) =>
    spans.some(({ start, end }) => [anchor, head].some(each => each >= start && each <= end));
  const [first] = spans;
  if (!first || (selection && touches(selection))) {
    return selection;
  }
  return { anchor: first.end, head: first.end };
}
