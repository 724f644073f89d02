import { codePointLength } from './codePoints';
import { type Operation, OperationBuilder } from './operation';
import { Reader } from './reader';

/** Whose text comes first where two operations insert at one position; the later committed has `'left'`. */
export type Priority = 'left' | 'right';

/**
 * `operation` in the form that applies after `against`; both were made on the same text.
 *
 * ```
 *                 text
 *                /    \
 *     operation /      \ against
 *              /        \
 *             ·          ·
 *              \        /
 *     against'  \      /  operation' = transform(operation, against, 'left')
 *                \    /
 *              same text          against' = transform(against, operation, 'right')
 * ```
 *
 * An insert moves right by what `against` inserts before it, and left by what it deletes before it; a delete
 * loses what `against` deletes too, and is split around what it inserts. Text that is put inside a range that
 * the other deletes survives. Of two inserts in one gap the one with priority `'left'` stands left: the
 * incoming operation on the server, a client's own pending one in the browser.
 *
 * The protocol normalises both before, and the result after (`normalise`); lists in other forms are
 * transformed as they stand, and what comes out is not normalised here. Never transform against a composition
 * of several operations: that is not the same as against each of them in turn.
 *
 * Law (TP1, `operation.laws.test.ts`, "transform converges"): for operations in normal form both ways round
 * the diamond end in the same text. Follows ottypes' text-unicode, whose test vectors it passes.
 */
export function transform(operation: Operation, against: Operation, priority: Priority): Operation {
  const result = new OperationBuilder();
  const reader = new Reader(operation);
  for (const component of against.components) {
    if (typeof component === 'string') {
      while (priority === 'left' && reader.atInsert) {
        result.add(reader.take());
      }
      result.retain(codePointLength(component));
    } else if (component > 0) {
      overRetained(reader, component, result);
    } else {
      overDeleted(reader, -component, result);
    }
  }
  while (!reader.atEnd) {
    result.add(reader.take());
  }
  return result.build();
}

function overRetained(reader: Reader, length: number, result: OperationBuilder): void {
  while (length > 0) {
    const piece = reader.takeBase(length);
    result.add(piece);
    if (typeof piece === 'number') {
      length -= Math.abs(piece);
    }
  }
}

function overDeleted(reader: Reader, length: number, result: OperationBuilder): void {
  while (length > 0) {
    const piece = reader.takeBase(length);
    if (typeof piece === 'string') {
      result.add(piece);
    } else {
      length -= Math.abs(piece);
    }
  }
}
