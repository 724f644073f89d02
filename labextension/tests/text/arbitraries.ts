/** Arbitrary texts and operations for property tests, and the model that results are compared with. */
import fc from 'fast-check';

import {
  codePointLength,
  normalise,
  Operation,
  OperationBuilder,
  type Component,
  type Priority,
  type WireComponent
} from '../../src/text';

/** A failing run prints the seed and the path that replay it. */
export const RUNS = { numRuns: 300 };

const letters = ['a', 'b', 'c', ' ', '\n', '字', 'é', '😀', '🤖'];
const stringOf = (maxLength: number, unit = fc.constantFrom(...letters)) =>
  fc.string({ unit, maxLength });

export const contents = stringOf(6);
export const texts = stringOf(20);
export const longTexts = fc
  .tuple(stringOf(30), fc.nat(300), texts)
  .map(([unit, times, end]) => unit.repeat(times) + end);

/** Components relative to the rest of a text, so that they fit any text. */
const drafts = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('insert' as const), content: contents }),
    fc.record({ kind: fc.constantFrom('retain' as const, 'delete' as const), count: fc.nat(6) })
  ),
  { maxLength: 6 }
);
type Draft = typeof drafts extends fc.Arbitrary<infer T> ? T : never;

/** An operation, seldom in normal form, that fits `length` code points. */
function fit(draft: Draft, length: number): Operation {
  const components: Component[] = [];
  let left = length;
  for (const part of draft) {
    if (part.kind === 'insert') {
      components.push(part.content);
    } else {
      const count = Math.min(part.count, left);
      left -= count;
      components.push(part.kind === 'retain' || count === 0 ? count : -count);
    }
  }
  return new Operation(components);
}

/** A text, and concurrent operations on it. */
export function editsOf<const N extends 1 | 2>(count: N) {
  return fc
    .tuple(texts, fc.array(drafts, { minLength: count, maxLength: count }))
    .map(([text, made]) => ({
      text,
      operations: made.map(draft => fit(draft, codePointLength(text))) as N extends 1
        ? [Operation]
        : [Operation, Operation]
    }));
}

/** A text, and three operations, each of which applies to the result of the one before it. */
export const sequences = fc.tuple(texts, drafts, drafts, drafts).map(([text, ...made]) => {
  let length = codePointLength(text);
  const operations = made.map(draft => {
    const operation = fit(draft, length);
    length += operation.lengthChange;
    return operation;
  });
  return { text, operations };
});

/** A text, and a list of wire components that fits it, with and without positions. */
export const wireLists = fc
  .tuple(
    texts,
    fc.array(
      fc.record({
        type: fc.constantFrom('insert', 'delete', 'retain'),
        at: fc.option(fc.nat(30)),
        content: contents,
        count: fc.nat(30)
      }),
      { maxLength: 8 }
    )
  )
  .map(([text, made]) => {
    let [length, cursor] = [codePointLength(text), 0];
    const components = made.map(({ type, at, content, count }): WireComponent => {
      const positioned = at === null ? {} : { position: at % (length + 1) };
      cursor = positioned.position ?? cursor;
      if (type === 'insert') {
        cursor += codePointLength(content);
        length += codePointLength(content);
        return { type, ...positioned, content };
      }
      const reach = count % (length - cursor + 1);
      if (type === 'retain') {
        cursor += reach;
        return { type, ...positioned, length: reach };
      }
      length -= reach;
      return { type: 'delete', ...positioned, length: reach };
    });
    return { text, components };
  });

/** The meaning of an operation: the text inserted into each gap of the base, and the deleted code points. */
export interface Meaning {
  inserted: Map<number, string>;
  deleted: Set<number>;
}

/** The meaning of `operation`, computed for each code point. Inserts move left across deleted code points. */
export function meaningOf(operation: Operation): Meaning {
  const inserted = new Map<number, string>();
  const deleted = new Set<number>();
  let position = 0;
  for (const component of operation.components) {
    if (typeof component === 'string') {
      inserted.set(position, (inserted.get(position) ?? '') + component);
    } else {
      for (let count = Math.abs(component); count > 0; count--, position++) {
        if (component < 0) {
          deleted.add(position);
        }
      }
    }
  }
  return movedLeft(inserted, deleted);
}

function movedLeft(inserted: Map<number, string>, deleted: Set<number>): Meaning {
  const moved = new Map<number, string>();
  for (const gap of [...inserted.keys()].sort((a, b) => a - b)) {
    let target = gap;
    while (deleted.has(target - 1)) {
      target--;
    }
    if (inserted.get(gap)) {
      moved.set(target, (moved.get(target) ?? '') + inserted.get(gap));
    }
  }
  return { inserted: moved, deleted };
}

/** The meaning of a wire list, by applying its components singly to a list of marked code points. */
export function meaningOfWire(components: readonly WireComponent[], length: number): Meaning {
  const marked: (number | string)[] = Array.from({ length }, (_, index) => index);
  let cursor = 0;
  for (const component of components) {
    cursor = component.position ?? cursor;
    if (component.type === 'insert') {
      marked.splice(cursor, 0, ...component.content);
      cursor += [...component.content].length;
    } else if (component.type === 'delete') {
      marked.splice(cursor, component.length);
    } else {
      cursor += component.length;
    }
  }
  const inserted = new Map<number, string>();
  let gap = 0;
  for (const item of marked) {
    if (typeof item === 'number') {
      gap = item + 1;
    } else {
      inserted.set(gap, (inserted.get(gap) ?? '') + item);
    }
  }
  const stays = new Set(marked);
  const base = Array.from({ length }, (_, index) => index);
  return movedLeft(inserted, new Set(base.filter(position => !stays.has(position))));
}

/** The normal form of a meaning, computed for each code point. */
export function operationOf({ inserted, deleted }: Meaning, length: number): Operation {
  const builder = new OperationBuilder();
  for (let position = 0; position <= length; position++) {
    builder.insert(inserted.get(position) ?? '');
    if (position < length) {
      builder.add(deleted.has(position) ? -1 : 1);
    }
  }
  return builder.build();
}

/** The transform that the protocol describes in base positions, computed for each code point. */
export function transformed(
  operation: Meaning,
  against: Meaning,
  length: number,
  priority: Priority
): Operation {
  const builder = new OperationBuilder();
  for (let position = 0; position <= length; position++) {
    const other = [...(against.inserted.get(position) ?? '')].length;
    builder.retain(priority === 'right' ? other : 0);
    builder.insert(operation.inserted.get(position) ?? '');
    builder.retain(priority === 'left' ? other : 0);
    if (position < length && !against.deleted.has(position)) {
      builder.add(operation.deleted.has(position) ? -1 : 1);
    }
  }
  return normalise(builder.build());
}
