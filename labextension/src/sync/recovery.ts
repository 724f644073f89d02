import { diff, EMPTY, merge, normalise, type Operation, Text, transform } from '../text';
import { MERGED, REPLACED, type Message } from './notices';
import { type Replica, replaced, unsentOperation, withOutstanding } from './replica';

/** The server's whole text at a version. */
export interface Content {
  readonly epoch: string;
  readonly version: number;
  readonly content: string;
}

/**
 * How a client continues with unsent edits where it can't have the operations since its version:
 *
 * 1. `asking`: the operation in flight is sent again unchanged. The answer says whether it was committed.
 * 2. `fetching`: the server's text is requested.
 * 3. The unsent edits are transformed over the difference between the text they were made on and the
 *    server's text.
 *
 * Without the first step an edit whose acknowledgement was lost would be merged in a second time.
 */
export type Recovery =
  | { readonly step: 'asking' }
  | {
      readonly step: 'fetching';
      /** Whether the operation in flight was committed; `null` where that is unknown. */
      readonly committed: boolean | null;
    };

/**
 * The operation over `theirs`, the server's text, that adds the edits which the server does not have.
 *
 * `committed` says whether `theirs` contains the operation in flight. Where that is known, the unsent edits
 * are transformed over what happened since. Where it is not (`null`), the texts are merged by three ways,
 * which takes a change that is the same on both sides only once.
 */
export function unsentOver(replica: Replica, theirs: Text, committed: boolean | null): Operation {
  const unsent = committed ? replica.pending.buffer?.operation : unsentOperation(replica);
  if (!unsent) {
    return EMPTY;
  }
  if (committed === null && replica.pending.outstanding) {
    const merged = merge(replica.committed.toString(), replica.text.toString(), theirs.toString());
    return diff(theirs.toString(), merged);
  }
  const base = committed ? withOutstanding(replica) : replica.committed;
  const since = diff(base.toString(), theirs.toString());
  return normalise(transform(normalise(unsent), since, 'left'));
}

/** Whether `server` is an earlier version of the same history. It is never taken. */
export function isOutdated(current: Replica, server: { epoch: string; version: number }): boolean {
  return server.epoch === current.epoch && server.version < current.version;
}

/**
 * What follows from the server's text.
 *
 * `ignore`: it holds nothing new, or the answer about the operation in flight has to come first. `resend`: the
 * first step of a recovery. `adopt`: it replaces the committed text.
 */
export type ContentStep = 'ignore' | 'resend' | 'adopt';

export function stepAfter(
  current: Replica,
  server: Content,
  recovery: Recovery | null
): ContentStep {
  if (server.epoch !== current.epoch) {
    return 'adopt';
  }
  if (recovery?.step === 'asking') {
    return 'ignore';
  }
  if (recovery) {
    return 'adopt';
  }
  if (server.version === current.version) {
    return 'ignore';
  }
  return current.pending.outstanding ? 'resend' : 'adopt';
}

/** A replica whose committed text is the server's, with the unsent edits merged into it. */
export interface Adopted {
  readonly replica: Replica;
  /** Over the text that was shown before. */
  readonly change: Operation;
  readonly notice: Message | null;
}

/**
 * Replaces the committed text by the server's.
 *
 * Without a recovery no operation is in flight, so that none was committed. In another epoch nobody knows
 * whether the text contains the operation in flight, whatever the server answered before.
 */
export function adopted(current: Replica, server: Content, recovery: Recovery | null): Adopted {
  const isSameHistory = server.epoch === current.epoch;
  const hasUnsent = current.pending.kind !== 'synchronised';
  const answer = recovery?.step === 'fetching' && recovery.committed;
  const committed = isSameHistory ? answer : null;
  const unsent = hasUnsent ? unsentOver(current, Text.of(server.content), committed) : EMPTY;
  const replica = replaced(current, server, unsent);
  const notice = isSameHistory ? MERGED : REPLACED;
  return {
    replica,
    change: diff(current.text.toString(), replica.text.toString()),
    notice: hasUnsent ? notice : null
  };
}
