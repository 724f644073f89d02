import type { Cursor, Draft, WireComponent } from '../protocol';
import {
  type CommittedStep,
  fromCursor,
  moveSelection,
  type RecentVersions,
  type Replica,
  type Selection,
  toCursor
} from '../sync';
import {
  compose,
  EMPTY,
  fromWire,
  InvalidContent,
  InvalidOperation,
  normalise,
  type Operation,
  toWire,
  transform
} from '../text';

/** The most that a draft may be: the length of its JSON, in UTF-16 units. */
export const DRAFT_LENGTH = 4_000;
/** Drafts are neither made nor shown while unsent edits of one's own have more components than this. */
const MOST_COMPONENTS = 2_000;
/** The least length of a component's JSON. */
const SHORTEST_COMPONENT = 40;

/**
 * What a session typed and the server has not committed: two operations, one after the other, over the committed
 * text of `version`. `selection` is the session's in the text after both.
 */
export interface RemoteDraft {
  readonly sessionId: string;
  readonly userId: string;
  readonly version: number;
  readonly inFlight: { readonly operationId: string; readonly operation: Operation } | null;
  readonly buffer: Operation;
  readonly selection: Selection | null;
}

/** A draft over the shown text; `selection` is in the text after `operation`. */
export interface ShownDraft {
  readonly operation: Operation;
  readonly selection: Selection | null;
}

/**
 * Reads a session's draft, and brings it to the newest version; `null` if it does not fit the text, its version is not
 * remembered, or it is outdated.
 */
export function readDraft(
  { sessionId, userId }: { readonly sessionId: string; readonly userId: string },
  { version, inFlight, operations, cursor }: Draft,
  recentVersions: RecentVersions
): RemoteDraft | null {
  if (!recentVersions.since(version)) {
    return null;
  }
  const committed = recentVersions.textAt(version);
  try {
    const first = fromWire(inFlight?.operations ?? [], committed.length);
    const buffer = fromWire(operations, committed.length + first.lengthChange);
    const selection = cursor ? fromCursor(cursor, committed.apply(first).apply(buffer)) : null;
    const flying = inFlight && { operationId: inFlight.operationId, operation: first };
    return forward(
      { sessionId, userId, version, inFlight: flying, buffer, selection },
      recentVersions
    );
  } catch (error) {
    if (error instanceof InvalidOperation || error instanceof InvalidContent) {
      return null;
    }
    throw error;
  }
}

/** The draft at the newest version; `null` if it is over, or its version is not remembered any more. */
export function forward(draft: RemoteDraft, recentVersions: RecentVersions): RemoteDraft | null {
  const steps = recentVersions.since(draft.version);
  return (
    steps && steps.reduce<RemoteDraft | null>((held, step) => held && after(held, step), draft)
  );
}

/**
 * The draft after the next committed operation; `null` if that ends it.
 *
 *                    step
 *     committed -----------> committed'
 *         |                      |
 *      inFlight                  | inFlight'   (the draft has the left: it is the later one)
 *         v                      v
 *         +--------------------->+
 *         |                      |
 *       buffer                   | buffer'
 *         v                      v
 *     with draft ----------> with draft'
 *
 * If the step is the operation in flight, only the buffer stays: the text with the draft is the same before and after.
 * If it is another operation of the draft's user, or has other text or another session under that id, the draft says
 * what is not so any more: a session that was lost may go on as another one, and this be told later than its operation.
 *
 * Laws (`draft.test.ts`): a draft and the operation that it announces never show the same text twice; what a draft
 * shows is what its operations make of the text when they are committed in the order in which they were announced.
 */
export function after(draft: RemoteDraft, step: CommittedStep): RemoteDraft | null {
  const { inFlight, buffer, selection } = draft;
  const version = draft.version + 1;
  if (inFlight && step.operationId === inFlight.operationId) {
    const isSame = step.sessionId === draft.sessionId && step.operation.equals(inFlight.operation);
    return isSame && !buffer.isEmpty ? { ...draft, version, inFlight: null } : null;
  }
  if (step.userId === draft.userId) {
    return null;
  }
  const first = inFlight?.operation ?? EMPTY;
  const [flying, overFirst] = crossed(first, step.operation);
  const [later, overBoth] = crossed(buffer, overFirst);
  if (flying.isEmpty && later.isEmpty) {
    return null;
  }
  return {
    ...draft,
    version,
    inFlight: inFlight && { ...inFlight, operation: flying },
    buffer: later,
    selection: selection && moveSelection(selection, overBoth)
  };
}

/** The draft over the shown text, which is the committed one with the receiver's own `pending` operations. */
export function shown(
  draft: RemoteDraft,
  pending: readonly (Operation | undefined)[]
): ShownDraft | null {
  let first = draft.inFlight?.operation ?? EMPTY;
  let { buffer, selection } = draft;
  for (const own of pending) {
    if (own && own.components.length > MOST_COMPONENTS) {
      return null;
    }
    if (own) {
      const [flying, overFirst] = crossed(first, own);
      const [later, overBoth] = crossed(buffer, overFirst);
      first = flying;
      buffer = later;
      selection = selection && moveSelection(selection, overBoth);
    }
  }
  const operation = normalise(compose(first, buffer));
  return operation.isEmpty ? null : { operation, selection };
}

/** The draft of a replica's own pending edits; `null` where there are none, or too many. */
export function draftOf(replica: Replica, selection: Selection | null): Draft | null {
  const { outstanding, buffer } = replica.pending;
  const first = outstanding && isShort(outstanding.operation) && toWire(outstanding.operation);
  const operations = buffer ? isShort(buffer.operation) && toWire(buffer.operation) : [];
  if ((outstanding && !first) || !operations || !(outstanding || buffer)) {
    return null;
  }
  const draft: Draft = {
    version: replica.version,
    inFlight:
      outstanding && first
        ? { operationId: outstanding.message.operationId, operations: first }
        : null,
    operations,
    ...cursorOf(replica, selection)
  };
  return JSON.stringify(draft).length <= DRAFT_LENGTH ? draft : null;
}

/** The length of a draft's edits as JSON, by which the server limits how often drafts are sent. */
export function lengthOf({ inFlight, operations }: Draft): number {
  const length = (list: readonly WireComponent[]) => JSON.stringify(list).length;
  return length(operations) + (inFlight ? length(inFlight.operations) : 0);
}

function cursorOf({ text }: Replica, selection: Selection | null): { cursor?: Cursor } {
  return selection ? { cursor: toCursor(selection, text) } : {};
}

/** Whether an operation may fit into a draft; found out without writing it as JSON. */
function isShort({ components }: Operation): boolean {
  if (components.length > (2 * DRAFT_LENGTH) / SHORTEST_COMPONENT) {
    return false;
  }
  const lengths = components.map(each => (typeof each === 'string' ? each.length : 0));
  return lengths.reduce((sum, length) => sum + length, 0) <= DRAFT_LENGTH;
}

function crossed(draft: Operation, step: Operation): readonly [Operation, Operation] {
  return [
    normalise(transform(draft, step, 'left')),
    draft.isEmpty ? step : normalise(transform(step, draft, 'right'))
  ];
}
