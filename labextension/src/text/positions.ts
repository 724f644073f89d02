import { codePointLength } from './codePoints';
import type { Operation } from './operation';

/** Whether a position lies before or after text that is inserted at it. */
export type Side = 'before' | 'after';

/**
 * `position` (code points from 0) after `operation`.
 *
 * It moves right by the text inserted before it, and left by the text deleted before it. Inside a deleted range
 * it moves to the start of that range. For text inserted exactly at it, `side` decides: with `'after'` it moves
 * to the end of that text, as the protocol requires for cursors; with `'before'` it does not move.
 *
 * Law (`positions.test.ts`): it moves as an insert at `position` does in a transform with priority `'right'`
 * (for `'after'`) or `'left'` (for `'before'`).
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
 * With the default sides, text inserted at either end does not become part of the range; with `'before'` and
 * `'after'` it does. An empty range stays empty and moves as its start does.
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
