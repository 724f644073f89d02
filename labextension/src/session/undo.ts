import { compose, invert, normalise, type Operation, type Text, transform } from '../text';
import { moveSelection, type Selection } from '../sync';
import { composed, type Following, followedBy, NOTHING } from './following';
import { selectionAt, type Span, spansOf } from './spans';

/** One undo or redo step: the operation to apply, and the selection from before the edit. */
interface Item {
  /** Over the text at the time when this item became the top of its stack. */
  readonly operation: Operation;
  readonly selection: Selection | null;
  /** The changes by others since then. The item is transformed over them when it is used. */
  readonly since: Following;
}

type Stack = readonly Item[];

/** The last edit, to which an adjacent edit is added. */
interface Last {
  readonly at: number;
  /** Where each of its ranges ended, in the text after it: one for each caret. */
  readonly ends: readonly number[];
  readonly isTyping: boolean;
}

/**
 * The result of an undo or redo: an edit, and the selection after it.
 *
 * The selection is the one from before the undone edit if the edit is there, else it is where the text changed: the
 * user has to see what happens.
 */
export interface Step {
  readonly history: History;
  readonly operation: Operation;
  readonly selection: Selection | null;
}

/** Milliseconds within which adjacent edits become one step. */
export const GROUP_MS = 500;
/** How many steps are kept. */
const DEPTH = 500;
/** An edit with more ranges than this is a step of its own. */
const CARETS = 100;

/**
 * The user's own edits, which can be undone one by one, whatever others did in between: a value.
 *
 *     own edit          others' edits (`since`)
 *     text ----> text' ------------------------> text''
 *          <----                        <----
 *         inverse                   inverse over since
 *
 * The changes by others are composed into `since` of the topmost item and passed to the items below when those
 * are used, so that the cost does not grow with the history. This composition is not sent: undoing makes a new
 * edit, and only that is sent.
 *
 * Laws (`undo.test.ts`): undoing everything leaves the text that others made, in their order; redoing everything
 * after that restores the text. Text that two users deleted at the same time comes back with one's own undo.
 */
export interface History {
  readonly undoable: Stack;
  readonly redoable: Stack;
  readonly last: Last | null;
}

export const NO_HISTORY: History = { undoable: [], redoable: [], last: null };

/** The user edited `before`. Adjacent typing within half a second is one step, with several carets too. */
export function recordEdit(
  history: History,
  operation: Operation,
  before: Text,
  selection: Selection | null,
  now: number
): History {
  const inverse = invert(operation, before);
  const spans = spansOf(operation);
  const joins = history.last !== null && continues(history.last, spans, now);
  const last =
    spans.length === 0 || spans.length > CARETS
      ? null
      : { at: now, ends: spans.map(({ end }) => end), isTyping: isTyping(spans) };
  const undoable = joins
    ? joinTop(history.undoable, inverse)
    : push(history.undoable, { operation: inverse, selection, since: NOTHING });
  return { undoable, redoable: [], last };
}

/** Another user's operation changed the shown text. */
export function recordRemote(history: History, operation: Operation): History {
  const last = history.last && {
    ...history.last,
    ends: history.last.ends.map(end => moveSelection({ anchor: end, head: end }, operation).head)
  };
  return {
    undoable: overTop(history.undoable, operation),
    redoable: overTop(history.redoable, operation),
    last
  };
}

/** The next edit becomes a step of its own. */
export function closeStep(history: History): History {
  return { ...history, last: null };
}

/** Undoes the last step; `null` where there is none. `selection` is the one before undoing. */
export function undo(history: History, text: Text, selection: Selection | null): Step | null {
  const popped = pop(history.undoable);
  return (
    popped && {
      operation: popped.operation,
      selection: selectionAt(spansOf(popped.operation), popped.selection),
      history: {
        undoable: popped.rest,
        redoable: push(history.redoable, reversed(popped.operation, text, selection)),
        last: null
      }
    }
  );
}

/** Redoes what the last undo reverted. */
export function redo(history: History, text: Text, selection: Selection | null): Step | null {
  const popped = pop(history.redoable);
  return (
    popped && {
      operation: popped.operation,
      selection: selectionAt(spansOf(popped.operation), popped.selection),
      history: {
        undoable: push(history.undoable, reversed(popped.operation, text, selection)),
        redoable: popped.rest,
        last: null
      }
    }
  );
}

function reversed(operation: Operation, text: Text, selection: Selection | null): Item {
  return { operation: invert(operation, text), selection, since: NOTHING };
}

function push(stack: Stack, item: Item): Stack {
  return [...stack.slice(-(DEPTH - 1)), item];
}

function overTop(stack: Stack, remote: Operation): Stack {
  const top = stack.at(-1);
  return top ? [...stack.slice(0, -1), { ...top, since: followedBy(top.since, remote) }] : stack;
}

/** The top item over the current text, and the stack without it. Steps that have become empty are skipped. */
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

/** Transforms the top item over the changes since, and these changes to the items below. */
function settleTop(top: Item, below: Stack): { item: Item; rest: Stack } {
  const inverse = normalise(top.operation);
  const since = composed(top.since);
  const under = normalise(transform(since, inverse, 'right'));
  const operation = normalise(transform(inverse, since, 'left'));
  const selection = top.selection && moveSelection(top.selection, under);
  return { item: { operation, selection, since: NOTHING }, rest: overTop(below, under) };
}

function joinTop(stack: Stack, inverse: Operation): Stack {
  const top = stack.at(-1);
  if (!top) {
    return [{ operation: inverse, selection: null, since: NOTHING }];
  }
  const { item, rest } = settleTop(top, stack.slice(0, -1));
  return [...rest, { ...item, operation: normalise(compose(inverse, item.operation)) }];
}

function isTyping(spans: readonly Span[]): boolean {
  return spans.some(({ start, end }) => end > start);
}

/** Whether each range of an edit lies where one of the last edit ended. */
function continues(last: Last, spans: readonly Span[], now: number): boolean {
  const areNear =
    spans.length === last.ends.length &&
    spans.every(({ oldStart, oldEnd }, index) =>
      [oldStart, oldEnd].includes(last.ends[index] as number)
    );
  return now - last.at <= GROUP_MS && areNear && isTyping(spans) === last.isTyping;
}
