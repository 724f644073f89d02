/**
 * Operations on texts: pure functions of values, without input or output, clock or randomness.
 *
 * An `Operation` describes one edit; a `Text` is a long text that edits apply to. All lengths and positions count
 * Unicode code points. The same design, under the same names, as the server's `jupyter_speccollab.text`.
 */
export { type Anchor, Gaps, type Quoted, shown as shownAnchors } from './anchor';
export { Attribution, type Run } from './attribution';
export { codePointLength } from './codePoints';
export { compose, composeAll } from './compose';
export { checkContent, normaliseNewlines } from './content';
export { diff, diffInSteps } from './diff';
export { InvalidContent, InvalidOperation } from './errors';
export { invert } from './invert';
export { merge, mergeInSteps } from './merge';
export { apply, EMPTY, normalise, Operation, OperationBuilder, type Component } from './operation';
export { transformPosition, transformRange, type Side } from './positions';
export { replacement, type Replacement } from './replacement';
export { Text } from './rope';
export { finish, type Steps } from './steps';
export { transform, type Priority } from './transform';
export {
  fromWire,
  toStored,
  toWire,
  type WireComponent,
  type WireDelete,
  type WireInsert,
  type WireRetain
} from './wire';
