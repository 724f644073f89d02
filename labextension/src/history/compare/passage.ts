import {
  apply,
  codePointLength,
  diffInSteps,
  invert,
  mergeInSteps,
  normalise,
  type Operation,
  OperationBuilder,
  type Steps,
  type Text,
  transform
} from '../../text';

/** A piece of two texts that differs. All places are in UTF-16 units of the whole texts. */
export interface Difference {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/**
 * The operation over `newer` that puts the older words in the place of the newer ones, in these places alone: what
 * stands between two differences is not touched, so that what others write there meanwhile stays.
 */
export function takenBack(older: Text, newer: Text, differences: readonly Difference[]): Operation {
  const operation = new OperationBuilder();
  let done = 0;
  for (const { fromA, toA, fromB, toB } of differences) {
    const [start, end] = [newer.codePointOf(fromB), newer.codePointOf(toB)];
    operation.retain(start - done);
    operation.insert(older.slice(older.codePointOf(fromA), older.codePointOf(toA)));
    operation.delete(end - start);
    done = end;
  }
  return normalise(operation.build());
}

/**
 * The same edit of the text that has come of `newer` since, merged three ways: of the newer words those go that are still
 * there, the older ones come where they stood, if they are not back already, and nothing goes that was written since.
 *
 * Law (`passage.test.ts`, "loses no letter that came since"): every letter of `present` that is not in `newer` stays.
 */
export function* broughtOn(operation: Operation, newer: string, present: string): Steps<Operation> {
  if (newer === present) {
    return operation;
  }
  const merged = yield* mergeInSteps(newer, apply(operation, newer), present);
  return yield* diffInSteps(present, merged);
}

/** The places in which two texts differ, of which `operation` makes the newer one from the older one. */
export function differencesIn(
  { components }: Operation,
  older: Text,
  newer: Text
): readonly Difference[] {
  const found: Difference[] = [];
  let [from, to, newFrom, newTo] = [0, 0, 0, 0];
  const close = () => {
    if (to > from || newTo > newFrom) {
      found.push({
        fromA: older.utf16Of(from),
        toA: older.utf16Of(to),
        fromB: newer.utf16Of(newFrom),
        toB: newer.utf16Of(newTo)
      });
    }
  };
  for (const component of components) {
    if (typeof component === 'string') {
      newTo += codePointLength(component);
    } else if (component < 0) {
      to -= component;
    } else {
      close();
      from = to += component;
      newFrom = newTo += component;
    }
  }
  close();
  return found;
}

/** An edit that may be taken back while others go on writing. */
export class Undoable {
  private inverse: Operation;

  /** `operation` is over `before`. */
  constructor(operation: Operation, before: Text) {
    this.inverse = invert(operation, before);
  }

  /** Somebody edited the text in which the edit is. */
  follow(operation: Operation): void {
    this.inverse = normalise(transform(this.inverse, operation, 'left'));
  }

  /** What takes it back in the text as it is now. */
  get back(): Operation {
    return this.inverse;
  }
}
