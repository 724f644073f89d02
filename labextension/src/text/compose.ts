import { codePointLength } from './codePoints';
import { type Operation, OperationBuilder } from './operation';
import { Reader } from './reader';

/**
 * The operation with the effect of `first` and then `second`; `second` applies to the result of `first`. The
 * result is not normalised; operations in any form are accepted.
 *
 * Law (`operation.laws.test.ts`, "compose applies both"):
 * `apply(compose(a, b), text) === apply(b, apply(a, text))`.
 */
export function compose(first: Operation, second: Operation): Operation {
  const result = new OperationBuilder();
  const reader = new Reader(first);
  for (const component of second.components) {
    if (typeof component === 'string') {
      result.insert(component);
    } else if (component > 0) {
      keep(reader, component, result);
    } else {
      remove(reader, -component, result);
    }
  }
  while (!reader.atEnd) {
    result.add(reader.take());
  }
  return result.build();
}

/**
 * The operation with the effect of all of them, one after the other; at least one.
 *
 * Composes neighbours first, so that the effort grows with the number of operations and its logarithm.
 */
export function composeAll(operations: readonly Operation[]): Operation {
  if (operations.length === 1) {
    return operations[0];
  }
  const middle = operations.length >> 1;
  return compose(composeAll(operations.slice(0, middle)), composeAll(operations.slice(middle)));
}

function keep(reader: Reader, length: number, result: OperationBuilder): void {
  while (length > 0) {
    const piece = reader.takeResult(length);
    result.add(piece);
    length -= typeof piece === 'string' ? codePointLength(piece) : Math.max(piece, 0);
  }
}

function remove(reader: Reader, length: number, result: OperationBuilder): void {
  while (length > 0) {
    const piece = reader.takeResult(length);
    if (typeof piece === 'string') {
      length -= codePointLength(piece);
    } else if (piece > 0) {
      result.delete(piece);
      length -= piece;
    } else {
      result.add(piece);
    }
  }
}
