import {
  diffInSteps,
  EMPTY,
  mergeInSteps,
  normalise,
  type Operation,
  type Steps,
  Text,
  transform
} from '../text';
import { MERGED, REPLACED, type Message } from './notices';
import { edited, type Replica, replaced, unsentOperation, withOutstanding } from './replica';

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

/** The second step, in which `committed` is what is known by now. Seen once among the committed ones stays known. */
export function fetching(recovery: Recovery | null, committed: boolean | null): Recovery {
  const isCommitted = recovery?.step === 'fetching' && recovery.committed === true;
  return { step: 'fetching', committed: isCommitted || committed };
}

/**
 * The operation over `theirs`, the server's text, that adds the edits which the server does not have.
 *
 * `committed` says whether `theirs` contains the operation in flight. Where that is known, the unsent edits
 * are transformed over what happened since. Where it is not (`null`), the texts are merged by three ways,
 * which takes a change that is the same on both sides only once.
 */
export function* unsentOver(
  replica: Replica,
  theirs: Text,
  committed: boolean | null
): Steps<Operation> {
  const unsent = committed ? replica.pending.buffer?.operation : unsentOperation(replica);
  if (!unsent) {
    return EMPTY;
  }
  if (committed === null && replica.pending.outstanding) {
    const [base, mine, server] = [replica.committed, replica.text, theirs].map(String);
    return yield* diffInSteps(server, yield* mergeInSteps(base, mine, server));
  }
  const base = committed ? withOutstanding(replica) : replica.committed;
  const since = yield* diffInSteps(base.toString(), theirs.toString());
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

/** The replica of a client, and the server's text that is to replace its committed one. */
export interface Adoption {
  readonly current: Replica;
  readonly server: Content;
  readonly recovery: Recovery | null;
}

/**
 * Replaces the committed text by the server's.
 *
 * Without a recovery no operation is in flight, so that none was committed. In another epoch nobody knows
 * whether the text contains the operation in flight, whatever the server answered before.
 */
export function* adoptedInSteps({ current, server, recovery }: Adoption): Steps<Adopted> {
  const isSameHistory = server.epoch === current.epoch;
  const hasUnsent = current.pending.kind !== 'synchronised';
  const answer = recovery?.step === 'fetching' && recovery.committed;
  const committed = isSameHistory ? answer : null;
  const theirs = Text.of(server.content);
  const unsent = hasUnsent ? yield* unsentOver(current, theirs, committed) : EMPTY;
  const replica = replaced(current, server, unsent);
  const change = yield* diffInSteps(current.text.toString(), replica.text.toString());
  const notice = isSameHistory ? MERGED : REPLACED;
  return { replica, change, notice: hasUnsent ? notice : null };
}

/**
 * The same after `edits`, which the user made in the text that was shown at first.
 *
 *                   change
 *     shown -----------------> replica.text
 *       |                          |
 *     edits                        | ours     (left: it is the later one)
 *       v                          v
 *       +--------------------> replica.text'
 *             change'
 *
 * Law (`adopting.test.ts`): both paths give the same text, and all clients end with it.
 */
export function withEdits({ replica, change, notice }: Adopted, edits: Operation): Adopted {
  const theirs = normalise(edits);
  const ours = normalise(transform(theirs, change, 'left'));
  return {
    replica: edited(replica, ours),
    change: normalise(transform(change, theirs, 'right')),
    notice: notice ?? MERGED
  };
}
