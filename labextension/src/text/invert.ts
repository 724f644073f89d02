import { codePointLength } from './codePoints';
import { checkFits, normalise, type Operation, OperationBuilder } from './operation';
import { Text } from './rope';

/**
 * The operation, in normal form, that undoes `operation`. `text` is the text before `operation`. Throws
 * `InvalidOperation` if it has fewer than `operation.baseLength` code points.
 *
 * Law (`operation.laws.test.ts`, "invert restores"): `apply(invert(a, text), apply(a, text)) === text`.
 */
export function invert(operation: Operation, text: string | Text): Operation {
  const base = typeof text === 'string' ? Text.of(text) : text;
  checkFits(operation, base.length);
  const result = new OperationBuilder();
  let position = 0;
  for (const component of operation.components) {
    if (typeof component === 'string') {
      result.delete(codePointLength(component));
    } else if (component > 0) {
      result.retain(component);
      position += component;
    } else {
      result.insert(base.slice(position, position - component));
      position -= component;
    }
  }
  return normalise(result.build());
}
