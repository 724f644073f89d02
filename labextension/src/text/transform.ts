import { codePointLength } from './codePoints';
import { type Operation, OperationBuilder } from './operation';
import { Reader } from './reader';

/** Which text comes first if two operations insert at one position. The one committed later has `'left'`. */
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
 * An insert moves right by the text that `against` inserts before it, and left by the text that it deletes
 * before it. A delete drops the code points that `against` deletes too, and is split around its inserts. Text
 * inserted into a range that the other operation deletes is kept. Of two inserts in one gap, the one with
 * priority `'left'` comes first: on the server the incoming operation, in the browser the client's own pending
 * operation.
 *
 * The protocol normalises both operations before the transform, and its result (`normalise`). This function
 * does not: it accepts operations in any form. Never transform against a composition of several operations;
 * the result differs from that of a transform against each of them in turn.
 *
 * Law (TP1, `operation.laws.test.ts`, "transform converges"): for operations in normal form, both paths of the
 * diagram end in the same text. Follows ottypes' text-unicode and passes its test vectors.
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
