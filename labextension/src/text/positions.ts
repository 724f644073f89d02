import { codePointLength } from './codePoints';
import type { Operation } from './operation';

/** Where a position ends up when text is inserted at it: before that text, or after it. */
export type Side = 'before' | 'after';

/**
 * `position` (code points from 0) after `operation`.
 *
 * It moves right by what is inserted before it, and left by what is deleted before it; inside a deleted range
 * it moves to the start of that range. Text inserted exactly at it leaves it on `side`: `'after'` lets the
 * text push it right, as one's own typing does and the protocol wants for everyone's cursor, `'before'` leaves
 * it where it is.
 *
 * Law (`positions.test.ts`): it is where an insert at `position` would go with priority `'right'` (for
 * `'after'`) or `'left'` (for `'before'`).
 */
export function transformPosition(
  position: number,
  operation: Operation,
  side: Side = 'after'
): number {
  let base = 0;
  let moved = position;
  for (const component of operation.components) {
    if (typeof component === 'string') {
      if (base < position || (base === position && side === 'after')) {
        moved += codePointLength(component);
      }
    } else {
      if (component < 0) {
        moved -= Math.max(0, Math.min(-component, position - base));
      }
      base += Math.abs(component);
    }
    if (base > position) {
      break;
    }
  }
  return moved;
}

/**
 * The half-open range of code points from `start` to `end` after `operation`.
 *
 * With the default sides text that is inserted at either of its ends does not become part of it; with
 * `'before'` and `'after'` it does. An empty range stays empty and moves as its start does.
 */
export function transformRange(
  start: number,
  end: number,
  operation: Operation,
  startSide: Side = 'after',
  endSide: Side = 'before'
): [start: number, end: number] {
  const moved = transformPosition(start, operation, startSide);
  if (start === end) {
    return [moved, moved];
  }
  return [moved, Math.max(moved, transformPosition(end, operation, endSide))];
}
