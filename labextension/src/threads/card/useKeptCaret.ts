import * as React from 'react';

import { replacement } from '../../text';

/**
 * Keeps the caret of a field where it is in its text when the text is changed by others: a field that gets another
 * value puts it to the end. Returns what has to be called with what the user writes.
 *
 * Law (`useKeptCaret.test.tsx`): what stands before the caret, and behind it, stays there unless it is changed.
 */
export function useKeptCaret(
  field: React.RefObject<HTMLTextAreaElement>,
  value: string
): (written: string) => void {
  const known = React.useRef({ value, start: value.length, end: value.length });
  React.useEffect(() => {
    const note = () => {
      const { current } = field;
      if (current && document.activeElement === current) {
        known.current.start = current.selectionStart;
        known.current.end = current.selectionEnd;
      }
    };
    document.addEventListener('selectionchange', note);
    return () => document.removeEventListener('selectionchange', note);
  }, [field]);
  React.useLayoutEffect(() => {
    const { value: before, start, end } = known.current;
    const { current } = field;
    if (before === value || !current) {
      return;
    }
    const places = [start, end].map(place => movedPlace(before, value, place)) as [number, number];
    known.current = { value, start: places[0], end: places[1] };
    if (document.activeElement === current) {
      current.setSelectionRange(...places);
    }
  }, [field, value]);
  return written => (known.current.value = written);
}

/** Where a place of a text is after all that differs was changed at once. */
export function movedPlace(before: string, after: string, place: number): number {
  const { from, to, insert } = replacement(before, after);
  if (place <= from) {
    return place;
  }
  return place < to ? from + insert.length : place - to + from + insert.length;
}
