/**
 * The protocol's form of operations: lists of `insert`, `delete` and `retain` objects.
 *
 * The components of a list are applied one after the other, each at a cursor in the result of those before it.
 * A `position` sets the cursor, and a retain moves it. A list may use positions, retains or both.
 */
import { codePointLength } from './codePoints';
import { compose } from './compose';
import { checkContent } from './content';
import { InvalidOperation } from './errors';
import { EMPTY, normalise, type Operation, OperationBuilder } from './operation';
import type { Text } from './rope';

export interface WireInsert {
  type: 'insert';
  position?: number;
  content: string;
}

export interface WireDelete {
  type: 'delete';
  position?: number;
  length: number;
  /** The deleted text, in stored operations only. */
  content?: string;
}

export interface WireRetain {
  type: 'retain';
  position?: number;
  length: number;
}

export type WireComponent = WireInsert | WireDelete | WireRetain;

/** Deletes `deleted` code points at `position` in the result of the edits before it, then inserts `content`. */
interface Edit {
  readonly position: number;
  readonly deleted: number;
  readonly content: string;
  readonly inserted: number;
}

/**
 * Converts a list of wire `components` for a text of `baseLength` code points to an operation in normal form.
 *
 * Unknown fields, such as the `content` of a delete in a stored operation, are ignored. The cost is about
 * proportional to the number of components, whatever their order.
 *
 * Throws `InvalidOperation` for a wrong type, a missing field, a negative or fractional number, and a component
 * that reaches outside the text; `InvalidContent` for an insert that `checkContent` refuses.
 *
 * Law (`wire.test.ts`, "one after the other"): the operation has the same result as the components applied
 * singly.
 */
export function fromWire(components: Iterable<unknown>, baseLength: number): Operation {
  const edits = editsOf(components, baseLength);
  const operations: Operation[] = [];
  for (let done = 0; done < edits.length;) {
    const forward = forwardRun(edits, done);
    const backward = backwardRun(edits, done);
    const run = edits.slice(done, Math.max(forward, backward));
    operations.push(forward >= backward ? ofForward(run) : ofBackward(run));
    done += run.length;
  }
  return normalise(composed(operations));
}

/**
 * Converts `operation`, in any form, to the list that the server sends: its normal form with positions.
 *
 * Positions descend, a delete comes before an insert at the same position, and the list has no retains and no
 * empty components. It therefore has the same result whether its components are applied one after the other or
 * all at once.
 */
export function toWire(operation: Operation): WireComponent[] {
  return written(operation);
}

/**
 * The list of `toWire`, in which each delete has the deleted text as its `content`. `text` is the text before the
 * operation and has at least `operation.baseLength` code points.
 */
export function toStored(operation: Operation, text: Text): WireComponent[] {
  return written(operation, text);
}

function written(operation: Operation, text?: Text): WireComponent[] {
  const wire: WireComponent[] = [];
  let position = 0;
  for (const component of normalise(operation).components) {
    if (typeof component === 'string') {
      wire.push({ type: 'insert', position, content: component });
    } else if (component > 0) {
      position += component;
    } else {
      const content = text?.slice(position, position - component);
      const kept = content === undefined ? {} : { content };
      wire.push({ type: 'delete', position, length: -component, ...kept });
      position -= component;
    }
  }
  return wire.reverse();
}

/** The inserts and deletes as edits at absolute positions, which are checked. Empty ones are left out. */
function editsOf(components: Iterable<unknown>, length: number): Edit[] {
  const edits: Edit[] = [];
  let cursor = 0;
  let number = 0;
  for (const value of components) {
    const component = asObject(value, number);
    if ('position' in component) {
      cursor = countIn(component, 'position', number);
      checkInside(cursor <= length, number, `stands at position ${cursor}`, length);
    }
    switch (component['type']) {
      case 'insert': {
        const content = contentIn(component, number);
        const inserted = codePointLength(content);
        if (inserted) {
          edits.push({ position: cursor, deleted: 0, content, inserted });
        }
        cursor += inserted;
        length += inserted;
        break;
      }
      case 'delete': {
        const deleted = countIn(component, 'length', number);
        const what = `deletes ${deleted} at position ${cursor}`;
        checkInside(cursor + deleted <= length, number, what, length);
        if (deleted) {
          edits.push({ position: cursor, deleted, content: '', inserted: 0 });
        }
        length -= deleted;
        break;
      }
      case 'retain':
        cursor += countIn(component, 'length', number);
        checkInside(cursor <= length, number, `moves the cursor to position ${cursor}`, length);
        break;
      default:
        throw new InvalidOperation(
          `Component ${number} has no type of "insert", "delete" or "retain".`
        );
    }
    number++;
  }
  return edits;
}

type Fields = Readonly<Record<string, unknown>>;

function asObject(value: unknown, number: number): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidOperation(`Component ${number} is not an object.`);
  }
  return value as Fields;
}

function countIn(component: Fields, field: string, number: number): number {
  const value = component[field];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw new InvalidOperation(`Component ${number} needs a whole number from 0 as its ${field}.`);
  }
  return value;
}

function contentIn(component: Fields, number: number): string {
  const { content } = component;
  if (typeof content !== 'string') {
    throw new InvalidOperation(`Component ${number} needs a text as its content.`);
  }
  checkContent(content);
  return content;
}

function checkInside(inside: boolean, number: number, what: string, length: number): void {
  if (!inside) {
    throw new InvalidOperation(
      `Component ${number} ${what}, but the text has ${length} code points there.`
    );
  }
}

/** The end of the longest run from `first` in which no edit begins before the end of the previous one. */
function forwardRun(edits: Edit[], first: number): number {
  let index = first + 1;
  while (
    index < edits.length &&
    edits[index].position >= edits[index - 1].position + edits[index - 1].inserted
  ) {
    index++;
  }
  return index;
}

/** The end of the longest run from `first` in which each edit ends at or before the start of the previous one. */
function backwardRun(edits: Edit[], first: number): number {
  let index = first + 1;
  while (
    index < edits.length &&
    edits[index].position + edits[index].deleted <= edits[index - 1].position
  ) {
    index++;
  }
  return index;
}

function ofForward(edits: Edit[]): Operation {
  const builder = new OperationBuilder();
  let cursor = 0;
  for (const { position, deleted, content, inserted } of edits) {
    builder.retain(position - cursor);
    builder.delete(deleted);
    builder.insert(content);
    cursor = position + inserted;
  }
  return builder.build();
}

function ofBackward(edits: Edit[]): Operation {
  const builder = new OperationBuilder();
  let behind = 0;
  for (const { position, deleted, content } of edits.reverse()) {
    builder.retain(position - behind);
    builder.delete(deleted);
    builder.insert(content);
    behind = position + deleted;
  }
  return builder.build();
}

/** Composes all operations pair by pair, so that the cost is not quadratic in their number. */
function composed(operations: Operation[]): Operation {
  if (operations.length < 2) {
    return operations[0] ?? EMPTY;
  }
  const pairs: Operation[] = [];
  for (let index = 0; index < operations.length; index += 2) {
    const [first, second] = [operations[index], operations[index + 1]];
    pairs.push(second ? compose(first, second) : first);
  }
  return composed(pairs);
}
