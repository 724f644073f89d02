import { diffInSteps } from './diff';
import { apply, normalise, OperationBuilder, type Component, type Operation } from './operation';
import { finish, type Steps } from './steps';
import { transform } from './transform';

/**
 * `base` with the changes of both `mine` and `theirs`: a three-way merge by operations.
 *
 * Where both insert at one position, the text of `mine` comes first. If both insert the same text there, it is
 * kept once, since it is most likely one edit that arrived twice. The server's `merge` gives the same text
 * (`vectors.test.ts`).
 *
 * Laws (`diff.test.ts`, "a merge ..."): `merge(b, m, b) === m`; `merge(b, b, t) === t`; `merge(b, x, x) === x`;
 * no text that either side inserted is lost.
 */
export function merge(base: string, mine: string, theirs: string): string {
  return finish(mergeInSteps(base, mine, theirs));
}

/** The same text, computed in steps. */
export function* mergeInSteps(base: string, mine: string, theirs: string): Steps<string> {
  if (mine === theirs) {
    return mine;
  }
  const other = yield* diffInSteps(base, theirs);
  const ours = withoutSharedInserts(yield* diffInSteps(base, mine), other);
  return apply(transform(ours, other, 'left'), theirs);
}

/** `operation` without the inserts that `other` makes too; both are in normal form. */
function withoutSharedInserts(operation: Operation, other: Operation): Operation {
  const theirs = new Map<number, Component>();
  for (const [gap, component] of withGaps(other)) {
    if (typeof component === 'string') {
      theirs.set(gap, component);
    }
  }
  const result = new OperationBuilder();
  for (const [gap, component] of withGaps(operation)) {
    if (typeof component === 'number' || theirs.get(gap) !== component) {
      result.add(component);
    }
  }
  return normalise(result.build());
}

/** Each component with the offset in the base text where it begins. */
function* withGaps(operation: Operation): Generator<[gap: number, component: Component]> {
  let base = 0;
  for (const component of operation.components) {
    yield [base, component];
    base += typeof component === 'string' ? 0 : Math.abs(component);
  }
}
