import type { SentOperation } from '../protocol';
import { compose, normalise, type Operation, transform } from '../text';

/** The one operation in flight. */
export interface Outstanding {
  /** The message that was sent. It is sent again unchanged until the server asks for another base. */
  readonly message: SentOperation;
  /** The same edit, transformed over what was committed since. */
  readonly operation: Operation;
  /** How many edits of the user it contains. */
  readonly edits: number;
}

/** Edits that are not sent yet, composed into one operation over the outstanding one. */
export interface Buffer {
  readonly operation: Operation;
  readonly edits: number;
}

/**
 * The edits that the server has not acknowledged: a value, replaced by each transition.
 *
 *                   applyLocal            send
 *     synchronised ------------> buffering ----> awaiting
 *          ^                                      |    ^
 *          |               acknowledge            |    | send (after acknowledge)
 *          +--------------------------------------+    |
 *                                                 |  buffering
 *                                      applyLocal |    ^
 *                                                 v    | acknowledge, refused
 *                                            awaitingWithBuffer
 *
 * The customer's three states are synchronised, awaiting, awaiting with buffer. `buffering` is the time
 * between an edit and its sending, while the rate does not allow it or the network is away.
 *
 * Law (`pending.test.ts`): the committed text after `outstanding.operation` and then `buffer.operation` is
 * the shown text, before and after every transition.
 */
export type Pending =
  | { readonly kind: 'synchronised'; readonly outstanding: null; readonly buffer: null }
  | { readonly kind: 'buffering'; readonly outstanding: null; readonly buffer: Buffer }
  | { readonly kind: 'awaiting'; readonly outstanding: Outstanding; readonly buffer: null }
  | {
      readonly kind: 'awaitingWithBuffer';
      readonly outstanding: Outstanding;
      readonly buffer: Buffer;
    };

/** Nothing is pending. */
export const SYNCHRONISED: Pending = { kind: 'synchronised', outstanding: null, buffer: null };

/** The state with these two parts. */
export function pendingOf(outstanding: Outstanding | null, buffer: Buffer | null): Pending {
  if (outstanding) {
    return buffer
      ? { kind: 'awaitingWithBuffer', outstanding, buffer }
      : { kind: 'awaiting', outstanding, buffer };
  }
  return buffer ? { kind: 'buffering', outstanding, buffer } : SYNCHRONISED;
}

/** A buffer of these edits; `null` where they cancel each other out. */
export function bufferOf(operation: Operation, edits: number): Buffer | null {
  const normal = normalise(operation);
  return normal.isEmpty ? null : { operation: normal, edits };
}

/** How many edits of the user are neither acknowledged nor undone by a later one. */
export function pendingEdits({ outstanding, buffer }: Pending): number {
  return (outstanding?.edits ?? 0) + (buffer?.edits ?? 0);
}

/** The user edited; `operation` is over the shown text. */
export function applyLocal({ outstanding, buffer }: Pending, operation: Operation): Pending {
  const composed = buffer ? compose(buffer.operation, operation) : operation;
  return pendingOf(outstanding, bufferOf(composed, (buffer?.edits ?? 0) + 1));
}

/**
 * An operation of another session was committed.
 *
 *              remote
 *     committed -----> committed'
 *         |                |
 *     outstanding          | outstanding'   (ours has the left: it is the later one)
 *         v                v
 *         +--------------->+
 *         |                |
 *       buffer             | buffer'        (again the left)
 *         v                v
 *      text  ----------> text'
 *             applied
 *
 * `remote` is in normal form, over the committed text; `applied` is the same over the shown text. Both sides
 * of each diamond make the same text (`pending.test.ts`).
 */
export function applyRemote(
  pending: Pending,
  remote: Operation
): { pending: Pending; applied: Operation } {
  const { outstanding, buffer } = pending;
  const [ours, overOurs] = crossed(outstanding?.operation, remote);
  const [later, applied] = crossed(buffer?.operation, overOurs);
  return {
    pending: pendingOf(
      outstanding && ours ? { ...outstanding, operation: ours } : null,
      buffer && later ? bufferOf(later, buffer.edits) : null
    ),
    applied
  };
}

function crossed(
  ours: Operation | undefined,
  remote: Operation
): readonly [Operation | null, Operation] {
  if (!ours) {
    return [null, remote];
  }
  return [normalise(transform(ours, remote, 'left')), normalise(transform(remote, ours, 'right'))];
}

/** The outstanding operation was committed. */
export function acknowledge({ buffer }: Pending): Pending {
  return pendingOf(null, buffer);
}

/**
 * Moves `operation`, the first part of the buffer, into flight as `message`; `rest` stays in the buffer.
 *
 * Nothing else may be in flight. `compose(operation, rest)` is the previous buffer.
 */
export function send(
  pending: Pending,
  message: SentOperation,
  operation: Operation,
  rest: Operation | null
): Pending {
  if (pending.kind !== 'buffering') {
    throw new Error('There is no buffer to send, or something is in flight.');
  }
  const remaining = rest ? bufferOf(rest, 1) : null;
  const edits = Math.max(1, pending.buffer.edits - (remaining?.edits ?? 0));
  return pendingOf({ message, operation, edits }, remaining);
}

/** The outstanding operation was not committed: its edits return to the start of the buffer. */
export function refused({ outstanding, buffer }: Pending): Pending {
  if (!outstanding) {
    return pendingOf(null, buffer);
  }
  const operation = buffer
    ? compose(outstanding.operation, buffer.operation)
    : outstanding.operation;
  return pendingOf(null, bufferOf(operation, outstanding.edits + (buffer?.edits ?? 0)));
}
