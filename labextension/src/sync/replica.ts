import { type CommittedOperation, type Cursor, type SentOperation, dataSize } from '../protocol';
import { EMPTY, fromWire, invert, type Operation, Text, toWire } from '../text';
import {
  acknowledge,
  applyLocal,
  applyRemote,
  bufferOf,
  type Pending,
  pendingEdits,
  pendingOf,
  refused,
  send,
  SYNCHRONISED
} from './pending';
import { splitFirst } from './split';
import { type CommittedStep, RecentVersions } from './recentVersions';

/**
 * The document as one client has it: a value, replaced by each of the functions below.
 *
 * Law (`replica.test.ts`): `text` is always `committed` after what is pending.
 */
export interface Replica {
  readonly epoch: string;
  /** The version of `committed`. */
  readonly version: number;
  /** The server's text at `version`. */
  readonly committed: Text;
  readonly pending: Pending;
  /** The shown text. */
  readonly text: Text;
  readonly recentVersions: RecentVersions;
}

/** A replica of the server's text with nothing pending. */
export function replicaOf(epoch: string, version: number, content: string): Replica {
  const committed = Text.of(content);
  return {
    epoch,
    version,
    committed,
    pending: SYNCHRONISED,
    text: committed,
    recentVersions: RecentVersions.from(version, committed)
  };
}

/** The same without the pending edits; `change` removes them from the shown text. */
export function withoutEdits(replica: Replica): { replica: Replica; change: Operation } {
  const unsent = unsentOperation(replica);
  return {
    replica: { ...replica, pending: SYNCHRONISED, text: replica.committed },
    change: unsent ? invert(unsent, replica.committed) : EMPTY
  };
}

/** A replica after a committed operation. */
export interface Received {
  readonly replica: Replica;
  /**
   * `applied`: the text changed by `change`. `acknowledged`: it was the outstanding operation. `known`: its
   * version was received before. `gap`: versions before it are missing. `contradiction`: the outstanding
   * operation has a version that was received as another operation. The last three change nothing.
   */
  readonly outcome: 'applied' | 'acknowledged' | 'known' | 'gap' | 'contradiction';
  /** Over the text that was shown before. */
  readonly change: Operation | null;
}

/**
 * Applies the next committed operation, or recognises it as the one in flight.
 *
 * Throws `InvalidOperation` where it doesn't fit the text; a correct server sends no such operation.
 */
export function receive(replica: Replica, entry: CommittedOperation): Received {
  if (entry.operationId === replica.pending.outstanding?.message.operationId) {
    return acknowledged(replica, entry.version);
  }
  if (entry.version !== replica.version + 1) {
    const outcome = entry.version <= replica.version ? 'known' : 'gap';
    return { replica, outcome, change: null };
  }
  const remote = fromWire(entry.operations, replica.committed.length);
  const { pending, applied } = applyRemote(replica.pending, remote);
  const { operationId, sessionId, userId, timestamp, authorId } = entry;
  const author = authorId ? { authorId } : {};
  const step = { operation: remote, operationId, sessionId, userId, timestamp, ...author };
  const next = { ...committing(replica, step), pending, text: replica.text.apply(applied) };
  return { replica: next, outcome: 'applied', change: applied };
}

/** The outstanding operation was committed as `version`. */
export function acknowledged(replica: Replica, version: number): Received {
  const { outstanding } = replica.pending;
  if (!outstanding) {
    return { replica, outcome: 'known', change: null };
  }
  if (version !== replica.version + 1) {
    const outcome = version <= replica.version ? 'contradiction' : 'gap';
    return { replica, outcome, change: null };
  }
  const { operation, message } = outstanding;
  const next = {
    ...committing(replica, {
      operation,
      operationId: message.operationId,
      sessionId: null,
      userId: null,
      timestamp: null
    }),
    pending: acknowledge(replica.pending)
  };
  return { replica: next, outcome: 'acknowledged', change: null };
}

function committing(replica: Replica, step: CommittedStep): Replica {
  const committed = replica.committed.apply(step.operation);
  const recentVersions = replica.recentVersions.with(step, committed);
  return { ...replica, version: replica.version + 1, committed, recentVersions };
}

/** The user edited; `operation` is over `replica.text`. */
export function edited(replica: Replica, operation: Operation): Replica {
  return {
    ...replica,
    pending: applyLocal(replica.pending, operation),
    text: replica.text.apply(operation)
  };
}

/** How an operation is to be sent. */
export interface Dispatch {
  readonly operationId: string;
  /** The most that `JSON.stringify(message).length` may be. */
  readonly limit: number;
  /** The cursor in `text`, the one after the operation; `rest` is what stays in the buffer. */
  cursor(text: Text, rest: Operation | null): Cursor | undefined;
}

/** Moves as much of the buffer into flight as one message may contain. Nothing else may be in flight. */
export function dispatch(replica: Replica, how: Dispatch): Replica {
  const { buffer } = replica.pending;
  if (!buffer) {
    return replica;
  }
  const envelope = (cursor: Cursor | undefined): SentOperation => ({
    operationId: how.operationId,
    version: replica.version,
    operations: [],
    ...(cursor && { cursor })
  });
  const { head, rest } = splitFirst(buffer.operation, how.limit - dataSize(envelope(WIDEST)));
  const after = rest ? replica.committed.apply(head) : replica.text;
  const message = { ...envelope(how.cursor(after, rest)), operations: toWire(head) };
  return { ...replica, pending: send(replica.pending, message, head, rest) };
}

/** A cursor whose JSON is as long as any. */
const LARGE = { line: 99_999_999, column: 99_999_999 };
const WIDEST: Cursor = { ...LARGE, selection: { start: LARGE, end: LARGE } };

/** The outstanding operation was not committed: its edits return to the start of the buffer. */
export function withdraw(replica: Replica): Replica {
  return { ...replica, pending: refused(replica.pending) };
}

/**
 * A replica of the server's whole text with `unsent`, the user's uncommitted edits over that text, in the
 * buffer.
 */
export function replaced(
  replica: Replica,
  server: { epoch: string; version: number; content: string },
  unsent: Operation
): Replica {
  const base = replicaOf(server.epoch, server.version, server.content);
  const buffer = bufferOf(unsent, Math.max(1, pendingEdits(replica.pending)));
  return { ...base, pending: pendingOf(null, buffer), text: base.text.apply(unsent) };
}

/** All pending edits as one operation over the committed text; `null` where there are none. */
export function unsentOperation({ pending }: Replica): Operation | null {
  return refused(pending).buffer?.operation ?? null;
}

/** The committed text with the outstanding operation: the server's text if that was committed. */
export function withOutstanding({ committed, pending }: Replica): Text {
  return pending.outstanding ? committed.apply(pending.outstanding.operation) : committed;
}
