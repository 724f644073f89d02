/**
 * An operation, which describes one edit of a text; its builder and its normal form.
 *
 * An operation is read from left to right against a _base_ text. Each of its components is
 *
 * - `n > 0`, retain: keeps the next `n` code points
 * - `n < 0`, delete: deletes the next `-n` code points
 * - a string, insert: inserts this text here
 *
 * and the text after the last component is kept: `[2, 'xy', -3]` makes `abxyfg` of `abcdefg`. All lengths
 * count Unicode code points, never UTF-16 units. Only `apply` reads the text itself; the cost of
 * everything else depends on the components and not on the length of the document.
 */
import { codePointLength, unitIndex } from './codePoints';
import { InvalidOperation } from './errors';

/** Retain (positive), delete (negative) or insert (text). */
export type Component = number | string;

/** An edit of a text, without the text. Immutable. */
export class Operation {
  readonly components: readonly Component[];

  /**
   * Takes the components as they stand; `Operation.of` and `OperationBuilder` merge neighbours of a kind and
   * drop empty components and a trailing retain.
   */
  constructor(components: readonly Component[] = []) {
    this.components = components;
  }

  /** The operation of these components, merged and trimmed by an `OperationBuilder`. */
  static of(...components: Component[]): Operation {
    const builder = new OperationBuilder();
    components.forEach(component => builder.add(component));
    return builder.build();
  }

  /** Whether it changes no text: it neither inserts nor deletes. */
  get isEmpty(): boolean {
    return this.components.every(component =>
      typeof component === 'string' ? !component : component >= 0
    );
  }

  /** The least length, in code points, of a text that it fits: all that it retains and deletes. */
  get baseLength(): number {
    return this.components.reduce<number>(
      (sum, component) => (typeof component === 'string' ? sum : sum + Math.abs(component)),
      0
    );
  }

  /** By how many code points the text becomes longer; negative where it becomes shorter. */
  get lengthChange(): number {
    return this.components.reduce<number>(
      (sum, component) =>
        sum + (typeof component === 'string' ? codePointLength(component) : Math.min(component, 0)),
      0
    );
  }

  /**
   * Whether the components are the same. Two operations that mean the same are equal in their normal form
   * (`normalise`), not necessarily before.
   */
  equals(other: Operation): boolean {
    return (
      this.components.length === other.components.length &&
      this.components.every((component, index) => component === other.components[index])
    );
  }
}

/** The operation that changes nothing. */
export const EMPTY = new Operation();

/**
 * Collects components from left to right into an `Operation`. Inserts and deletes keep the order in
 * which they were added; `normalise` brings them into normal order.
 */
export class OperationBuilder {
  private readonly components: Component[] = [];

  /** Appends `component`, of whichever kind. An empty one is dropped. */
  add(component: Component): void {
    if (!component) {
      return;
    }
    const end = this.components.length - 1;
    const last = this.components[end];
    if (typeof component === 'string') {
      if (typeof last === 'string') {
        this.components[end] = last + component;
        return;
      }
    } else if (typeof last === 'number' && last > 0 === component > 0) {
      this.components[end] = last + component;
      return;
    }
    this.components.push(component);
  }

  /** Let `length` ≥ 0 code points of the base stay. */
  retain(length: number): void {
    this.add(length);
  }

  /** Put `content` here. */
  insert(content: string): void {
    this.add(content);
  }

  /** Take `length` ≥ 0 code points of the base away. */
  delete(length: number): void {
    this.add(-length);
  }

  /** The operation so far, without a trailing retain. */
  build(): Operation {
    const end = this.components.length - 1;
    const last = this.components[end];
    const trails = typeof last === 'number' && last > 0;
    return new Operation(this.components.slice(0, trails ? end : undefined));
  }
}

/**
 * The normal form of `operation`, which is unique for its meaning.
 *
 * The meaning of an operation is the set of base code points that it deletes, and the text that it inserts into
 * each gap between the others. Components with no kept code point between them become one insert, followed by
 * one delete. There are no empty components and no trailing retain. An operation in normal form is returned
 * itself.
 *
 * Laws (`operation.laws.test.ts`, "normal form"): it has the same result as `operation` for every text;
 * `normalise(normalise(a)) === normalise(a)`; two operations have the same meaning exactly if their normal
 * forms are equal.
 */
export function normalise(operation: Operation): Operation {
  if (isNormal(operation.components)) {
    return operation;
  }
  const normal: Component[] = [];
  let retained = 0;
  let content = '';
  let deleted = 0;
  const closeGap = () => {
    normal.push(...[retained, content, deleted].filter(part => part));
    retained = deleted = 0;
    content = '';
  };
  for (const component of operation.components) {
    if (typeof component === 'string') {
      content += component;
    } else if (component < 0) {
      deleted += component;
    } else if (component > 0) {
      if (content || deleted) {
        closeGap();
      }
      retained += component;
    }
  }
  if (content || deleted) {
    closeGap();
  }
  return new Operation(normal);
}

function isNormal(components: readonly Component[]): boolean {
  let [mayInsert, mayDelete, mayRetain] = [true, true, true];
  for (const component of components) {
    if (!component) {
      return false;
    } else if (typeof component === 'string') {
      if (!mayInsert) {
        return false;
      }
      [mayInsert, mayDelete, mayRetain] = [false, true, true];
    } else if (component < 0) {
      if (!mayDelete) {
        return false;
      }
      [mayInsert, mayDelete, mayRetain] = [false, false, true];
    } else {
      if (!mayRetain) {
        return false;
      }
      [mayInsert, mayDelete, mayRetain] = [true, true, false];
    }
  }
  return mayRetain || components.length === 0;
}

/**
 * `text` after `operation`. For a long text with many edits, use a `Text`.
 *
 * Throws `InvalidOperation` if the text has fewer than `operation.baseLength` code points. The result has
 * `operation.lengthChange` more code points than `text`.
 */
export function apply(operation: Operation, text: string): string {
  // A text has at least half as many code points as UTF-16 units: most need not be counted.
  if (operation.baseLength > text.length / 2) {
    checkFits(operation, codePointLength(text));
  }
  const pieces: string[] = [];
  let position = 0;
  for (const component of operation.components) {
    if (typeof component === 'string') {
      pieces.push(component);
    } else {
      const behind = unitIndex(text, Math.abs(component), position);
      if (component > 0) {
        pieces.push(text.slice(position, behind));
      }
      position = behind;
    }
  }
  pieces.push(text.slice(position));
  return pieces.join('');
}

/** Throws `InvalidOperation` if a text of `length` code points is too short for `operation`. */
export function checkFits(operation: Operation, length: number): void {
  const needed = operation.baseLength;
  if (needed > length) {
    throw new InvalidOperation(
      `The operation needs a text of at least ${needed} code points; this one has ${length}.`
    );
  }
}
