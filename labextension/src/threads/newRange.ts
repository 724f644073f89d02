import type { Replica } from '../sync';
import { codePointLength, type Operation } from '../text';

/** A range of a text in code points. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * A range of the shown text as one of the committed text; `null` while edits in it, or an insertion right before an
 * empty one, are not acknowledged.
 *
 * Law (`newRange.test.ts`): it holds the same letters, and moved over what is pending it is the range again.
 */
export function committedRange(range: Range, { pending }: Replica): Range | null {
  const { outstanding, buffer } = pending;
  return [buffer, outstanding].reduce<Range | null>(
    (later, edit) => (later && edit ? beforeOperation(later, edit.operation) : later),
    range
  );
}

function beforeOperation({ start, end }: Range, operation: Operation): Range | null {
  let [before, after] = [0, 0];
  for (const component of operation.components) {
    if (typeof component === 'string') {
      const behind = after + codePointLength(component);
      if (start === end && start === after) {
        return { start: before, end: before };
      }
      if (after < end && start < behind) {
        return null;
      }
      if (start === end && start === behind) {
        return null; // it stays behind what is not acknowledged
      }
      after = behind;
    } else if (component < 0) {
      if (start < after && after < end) {
        return null;
      }
      before -= component;
    } else {
      if (after <= start && end <= after + component) {
        return { start: before + start - after, end: before + end - after };
      }
      before += component;
      after += component;
    }
  }
  return after <= start ? { start: before + start - after, end: before + end - after } : null;
}
