import fc from 'fast-check';

import { type Component, codePointLength, normalise, Operation } from '../../src/text';

const CHARACTERS = ['a', 'b', 'é', '中', '🎉', '👩', '\n', ' '];

/** A short text, with characters outside the Basic Multilingual Plane. */
export const content = fc
  .array(fc.constantFrom(...CHARACTERS), { maxLength: 30 })
  .map(characters => characters.join(''));

/** An operation in normal form that fits a text of `length` code points. */
export function operationOn(length: number): fc.Arbitrary<Operation> {
  const piece = fc.tuple(
    fc.nat({ max: 6 }),
    fc.oneof(
      fc.nat({ max: 5 }).map(count => -count),
      content
    )
  );
  return fc.array(piece, { maxLength: 4 }).map(pieces => {
    const components: Component[] = [];
    let left = length;
    const within = (count: number) => {
      const taken = Math.min(count, left);
      left -= taken;
      return taken;
    };
    for (const [retained, change] of pieces) {
      components.push(within(retained));
      components.push(typeof change === 'string' ? change : -within(-change));
    }
    return normalise(Operation.of(...components));
  });
}

/** A text and `count` operations, each of which applies to the result of those before it. */
export function textAndOperations(count: number): fc.Arbitrary<[string, Operation[]]> {
  const from = (length: number, left: number): fc.Arbitrary<Operation[]> =>
    left === 0
      ? fc.constant([])
      : operationOn(length).chain(operation =>
          from(length + operation.lengthChange, left - 1).map(behind => [operation, ...behind])
        );
  return content.chain(text =>
    from(codePointLength(text), count).map((operations): [string, Operation[]] => [
      text,
      operations
    ])
  );
}
