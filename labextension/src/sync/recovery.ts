import { diff, EMPTY, merge, normalise, type Operation, Text, transform } from '../text';
import { MERGED, REPLACED, type Message } from './notices';
import { type Replica, replaced, unsentOperation, withOutstanding } from './replica';

/** The server's text as a whole, at a version. */
export interface Content {
  readonly epoch: string;
  readonly version: number;
  readonly content: string;
}

/**
 * How a client gets on where the server's operations since its last version can't be had, and it has edits
 * of its own:
 *
 * 1. `asking`: the operation in flight is sent again as it was. The answer says whether it was committed.
 * 2. `fetching`: the server's text is asked for.
 * 3. What is unsent is brought over the difference between the text that it was made on and the server's.
 *
 * Without the first step an edit whose acknowledgement was lost would be merged in a second time.
 */
export type Recovery =
  | { readonly step: 'asking' }
  | {
      readonly step: 'fetching';
      /** Whether the operation in flight was committed: `null` where nobody knows. */
      readonly committed: boolean | null;
    };

/**
 * What to do to `theirs`, the server's text, so that it holds what this user has not got committed.
 *
 * `committed` says whether the operation in flight is part of `theirs`. Where that is known the unsent edits
 * are transformed over what happened since; where it isn't (`null`) the texts are merged by three ways, which
 * takes what both sides have alike but once.
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

/** A replica with the server's text as the committed one, and what is unsent merged into it. */
export interface Adopted {
  readonly replica: Replica;
  /** Over the text that the user saw. */
  readonly change: Operation;
  readonly notice: Message | null;
}

/** Takes the server's text in place of the committed one. */
export function adopted(current: Replica, server: Content, recovery: Recovery | null): Adopted {
  const hasUnsent = current.pending.kind !== 'synchronised';
  const asked = recovery?.step === 'fetching' ? recovery.committed : null;
  const committed = isContinued(current, server) ? asked : null;
  const unsent = hasUnsent ? unsentOver(current, Text.of(server.content), committed) : EMPTY;
  const replica = replaced(current, server, unsent);
  const notice = server.epoch === current.epoch ? MERGED : REPLACED;
  return {
    replica,
    change: diff(current.text.toString(), replica.text.toString()),
    notice: hasUnsent ? notice : null
  };
}

/** Whether the server's text comes from the same history, later on. */
export function isContinued(current: Replica, server: Content): boolean {
  return server.epoch === current.epoch && server.version >= current.version;
}
