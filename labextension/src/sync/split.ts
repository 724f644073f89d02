import { codePointLength, type Component, normalise, Operation, OperationBuilder } from '../text';

/** The first part of an operation, and the rest, which applies to the text after that part. */
export interface Split {
  readonly head: Operation;
  readonly rest: Operation | null;
}

/**
 * Takes as much from the left of `operation` as fits into `budget`: the length, in UTF-16 units, of the JSON
 * of the wire's component list without its brackets.
 *
 * Cuts are made between components and inside a long insert, never inside a surrogate pair. The rest is one
 * operation, so that it can be transformed, composed and undone like any other buffer until it is sent;
 * splitting the rest until nothing is left gives all the parts. A part is never empty: where not even one
 * character fits, the part holds one, and the server decides whether to accept it.
 *
 * Law (`split.test.ts`): composing the parts gives the operation, and all of them fit. The cuts are the same as
 * in the Python client (`split.test.ts`, "cuts where the Python client does").
 */
export function splitFirst(operation: Operation, budget: number): Split {
  const { components } = normalise(operation);
  const head = new OperationBuilder();
  let [room, position, length] = [budget, 0, 0];
  for (const [index, component] of components.entries()) {
    const fits = fitting(component, room, position, room === budget);
    const left = remainder(component, fits);
    head.add(fits);
    length += lengthAfter(fits);
    if (left) {
      const rest = Operation.of(length, left, ...components.slice(index + 1));
      return { head: head.build(), rest };
    }
    room -= wireSize(component, position);
    position += typeof component === 'number' ? Math.abs(component) : 0;
  }
  return { head: head.build(), rest: null };
}

/** About how many parts an operation is split into. */
export function countParts(operation: Operation, budget: number): number {
  const sizes = operation.components.map(component =>
    isRetain(component) ? 0 : ENVELOPE + (typeof component === 'string' ? component.length : 0)
  );
  return Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, budget));
}

/** About the length of a component's JSON without its text, in UTF-16 units. */
const ENVELOPE = 50;

function isRetain(component: Component): boolean {
  return typeof component === 'number' && component > 0;
}

/** The length of the component's JSON and a comma; a retain is not sent. */
function wireSize(component: Component, position: number): number {
  if (isRetain(component)) {
    return 0;
  }
  const wire =
    typeof component === 'string'
      ? { type: 'insert', position, content: component }
      : { type: 'delete', position, length: -component };
  return JSON.stringify(wire).length + 1;
}

/** The beginning of `component` that fits: a number whole or not at all (0), a text as far as there is room. */
function fitting(
  component: Component,
  room: number,
  position: number,
  isFirst: boolean
): Component {
  if (typeof component === 'number') {
    return isFirst || wireSize(component, position) <= room ? component : 0;
  }
  const units = fittingUnits(component, room - wireSize('', position));
  return component.slice(0, units || !isFirst ? units : pairEnd(component, 1));
}

/**
 * The UTF-16 length of the longest beginning of `content` whose JSON takes at most `room` units more than that of
 * an empty text.
 */
function fittingUnits(content: string, room: number): number {
  let [low, high] = [0, pairStart(content, Math.max(0, Math.min(content.length, room)))];
  while (low < high) {
    const middle = pairEnd(content, Math.ceil((low + high) / 2));
    if (JSON.stringify(content.slice(0, middle)).length - 2 <= room) {
      low = middle;
    } else {
      high = pairStart(content, middle - 1);
    }
  }
  return low;
}

/** `index`, or the start of the surrogate pair that it lies inside. JSON writes half a pair in six characters. */
function pairStart(content: string, index: number): number {
  return isInsidePair(content, index) ? index - 1 : index;
}

/** `index`, or the end of the surrogate pair that it lies inside. */
function pairEnd(content: string, index: number): number {
  return isInsidePair(content, index) ? index + 1 : index;
}

function isInsidePair(content: string, index: number): boolean {
  return index > 0 && /^[\ud800-\udbff][\udc00-\udfff]$/.test(content.slice(index - 1, index + 1));
}

function remainder(component: Component, taken: Component): Component {
  return typeof component === 'string'
    ? component.slice((taken as string).length)
    : component - (taken as number);
}

function lengthAfter(component: Component): number {
  return typeof component === 'string' ? codePointLength(component) : Math.max(0, component);
}
