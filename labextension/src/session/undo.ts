import { compose, EMPTY, invert, normalise, type Operation, type Text, transform } from '../text';
import { moveSelection, type Selection } from '../sync';

/** One step back (or forth): what to apply, and where the selection was before the edit. */
interface Item {
  /** Over the text as it was when this became the top of its stack. */
  readonly operation: Operation;
  readonly selection: Selection | null;
  /** What others did to the text since then, in normal form; the item is brought over it when it is due. */
  readonly since: Operation;
}

type Stack = readonly Item[];

/** The last edit: what may still join it. */
interface Last {
  readonly at: number;
  /** Where it ended, in the text after it. */
  readonly end: number;
  readonly isTyping: boolean;
}

/** What an undo or redo does: an edit like any other, and the selection to restore after it. */
export interface Step {
  readonly history: History;
  readonly operation: Operation;
  readonly selection: Selection | null;
}

/** Milliseconds within which adjacent edits become one step. */
export const GROUP_MS = 500;
/** Steps that are kept. */
const DEPTH = 500;

/**
 * The user's own edits, to be taken back one by one, whatever others have done in between: a value.
 *
 *     own edit          others' edits (`since`)
 *     text ----> text' ------------------------> text''
 *          <----                        <----
 *         inverse                   inverse over since
 *
 * What others do is composed into `since` of the topmost item and brought to the items below when they are
 * due, so that it costs the same however long the history is. That composing is no transform of the
 * protocol: undoing makes a new edit, and only that is sent.
 *
 * Laws (`history.test.ts`): undoing everything leaves the text that others alone have made, their text in
 * their order; redoing everything after that brings the text back. Text that one deleted while someone else,
 * not knowing, deleted it too comes back with one's own undo.
 */
export interface History {
  readonly undoable: Stack;
  readonly redoable: Stack;
  readonly last: Last | null;
}

export const NO_HISTORY: History = { undoable: [], redoable: [], last: null };

/** The user edited `before` by `operation`; adjacent typing within half a second is one step. */
export function recordEdit(
  history: History,
  operation: Operation,
  before: Text,
  selection: Selection | null,
  now: number
): History {
  const inverse = invert(operation, before);
  const span = spanOf(operation);
  const joins = history.last !== null && span !== null && continues(history.last, span, now);
  const last = span && { at: now, end: span.end, isTyping: span.isTyping };
  const undoable = joins
    ? joinTop(history.undoable, inverse)
    : push(history.undoable, { operation: inverse, selection, since: EMPTY });
  return { undoable, redoable: [], last };
}

/** Someone else's operation changed the text that the user sees. */
export function recordRemote(history: History, operation: Operation): History {
  const last = history.last && {
    ...history.last,
    end: moveSelection({ anchor: 0, head: history.last.end }, operation).head
  };
  return {
    undoable: overTop(history.undoable, operation),
    redoable: overTop(history.redoable, operation),
    last
  };
}

/** The next edit begins a step of its own. */
export function closeStep(history: History): History {
  return { ...history, last: null };
}

/** Takes the last step back; `null` where there is none. `selection` is the one before undoing. */
export function undo(history: History, text: Text, selection: Selection | null): Step | null {
  const popped = pop(history.undoable);
  return (
    popped && {
      operation: popped.operation,
      selection: popped.selection,
      history: {
        undoable: popped.rest,
        redoable: push(history.redoable, reversed(popped.operation, text, selection)),
        last: null
      }
    }
  );
}

/** Does again what the last undo took back. */
export function redo(history: History, text: Text, selection: Selection | null): Step | null {
  const popped = pop(history.redoable);
  return (
    popped && {
      operation: popped.operation,
      selection: popped.selection,
      history: {
        undoable: push(history.undoable, reversed(popped.operation, text, selection)),
        redoable: popped.rest,
        last: null
      }
    }
  );
}

function reversed(operation: Operation, text: Text, selection: Selection | null): Item {
  return { operation: invert(operation, text), selection, since: EMPTY };
}

function push(stack: Stack, item: Item): Stack {
  return [...stack.slice(-(DEPTH - 1)), item];
}

function overTop(stack: Stack, remote: Operation): Stack {
  const top = stack.at(-1);
  return top
    ? [...stack.slice(0, -1), { ...top, since: normalise(compose(top.since, remote)) }]
    : stack;
}

/** The top item over the text as it is now, and the stack without it; steps of which nothing is left are skipped. */
function pop(
  stack: Stack
): { operation: Operation; selection: Selection | null; rest: Stack } | null {
  const top = stack.at(-1);
  if (!top) {
    return null;
  }
  const { item, rest } = settleTop(top, stack.slice(0, -1));
  return item.operation.isEmpty
    ? pop(rest)
    : { operation: item.operation, selection: item.selection, rest };
}

/** Brings the top over what others did since, and what they did under it. */
function settleTop(top: Item, below: Stack): { item: Item; rest: Stack } {
  const inverse = normalise(top.operation);
  const under = normalise(transform(top.since, inverse, 'right'));
  const operation = normalise(transform(inverse, top.since, 'left'));
  const selection = top.selection && moveSelection(top.selection, under);
  return { item: { operation, selection, since: EMPTY }, rest: overTop(below, under) };
}

function joinTop(stack: Stack, inverse: Operation): Stack {
  const top = stack.at(-1);
  if (!top) {
    return [{ operation: inverse, selection: null, since: EMPTY }];
  }
  const { item, rest } = settleTop(top, stack.slice(0, -1));
  return [...rest, { ...item, operation: normalise(compose(inverse, item.operation)) }];
}

/** The one place that an edit touches; `null` where there are several. */
interface Span {
  readonly start: number;
  /** Behind what was deleted, in the text before the edit. */
  readonly oldEnd: number;
  /** Behind what was inserted, in the text after the edit. */
  readonly end: number;
  readonly isTyping: boolean;
}

function spanOf(operation: Operation): Span | null {
  const components = [...normalise(operation).components];
  const start = typeof components[0] === 'number' && components[0] > 0 ? components.shift() : 0;
  if (components.some(component => typeof component === 'number' && component > 0)) {
    return null;
  }
  const deleted = components.reduce<number>(
    (sum, component) => sum + (typeof component === 'number' ? -component : 0),
    0
  );
  const inserted = operation.lengthChange + deleted;
  const from = start as number;
  return { start: from, oldEnd: from + deleted, end: from + inserted, isTyping: inserted > 0 };
}

function continues(last: Last, span: Span, now: number): boolean {
  const isNear = span.start === last.end || span.oldEnd === last.end;
  return now - last.at <= GROUP_MS && isNear && span.isTyping === last.isTyping;
}
