import { codePointLength } from './codePoints';
import { checkFits, normalise, type Operation, OperationBuilder } from './operation';
import { Text } from './rope';

/**
 * The operation that undoes `operation`, in normal form; `text` is the text before it, and has at least
 * `operation.baseLength` code points, else `InvalidOperation`.
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
