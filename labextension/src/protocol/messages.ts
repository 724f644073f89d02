/**
 * The messages between client and server, as in section 3 of the protocol.
 *
 * Positions, lengths and columns count Unicode code points from 0. Times are ISO-8601 UTC, durations are in
 * milliseconds and have names that end in `Ms`. Field names are those of the JSON objects.
 */

import type { WireComponent } from '../text';
import type { ThreadsChanged } from './threads';

export type { WireComponent };

/** A place in the text: `line` and `column` from 0. */
export interface Place {
  line: number;
  column: number;
}

/** A user's caret; with a `selection` it is at one of its ends. */
export interface Cursor extends Place {
  selection?: { start: Place; end: Place } | null;
}

export type Role = 'viewer' | 'commenter' | 'contributor' | 'admin' | 'owner';

/** A user who has the spec open, in any number of sessions; `cursor` is that of the session that moved last. */
export interface ActiveUser {
  userId: string;
  userName: string;
  color?: string | null;
  avatarUrl?: string | null;
  cursor?: Cursor | null;
  joinedAt?: string;
}

/** The limits that the server enforces. */
export interface Limits {
  operationsPerMinute: number;
  operationLength: number;
  frameBytes: number;
  documentLength: number;
  sessionsPerUser: number;
  usersPerSpec: number;
  cursorUpdatesPerSecond: number;
  maxStaleVersions: number;
  /** Bytes of the largest picture; older servers take none. */
  attachmentBytes?: number;
}

/** An operation that the server committed as `version`. */
export interface CommittedOperation {
  operationId: string;
  userId: string;
  userName: string;
  sessionId: string | null;
  version: number;
  operations: readonly WireComponent[];
  timestamp: string;
  /** Where a suggestion was accepted: who made it, and which it was. The user is who accepted. */
  authorId?: string;
  authorName?: string;
  threadId?: string;
}

/** An operation as a client sends it; `version` is its base version. */
export interface SentOperation {
  operationId: string;
  version: number;
  operations: readonly WireComponent[];
  cursor?: Cursor;
}

/** The edit in flight of a draft: the operation that was sent, over the draft's version. */
export interface InFlight {
  operationId: string;
  operations: readonly WireComponent[];
}

/**
 * What a user typed and the server has not committed: on the committed text of `version` first the edit in flight,
 * then `operations`. `cursor` is the caret in the text with the draft.
 */
export interface Draft {
  version: number;
  inFlight: InFlight | null;
  operations: readonly WireComponent[];
  cursor?: Cursor | null;
}

/** A part of the protocol whose events a client takes. */
export type Feature = 'attachments' | 'drafts' | 'summon' | 'threads';

/** The request to join a spec; `lastKnownVersion`, `epoch` and `sessionId` resume an earlier session. */
export interface JoinRequest {
  specId: string;
  features?: readonly Feature[];
  batch?: boolean;
  cursorEvent?: string;
  lastKnownVersion?: number;
  epoch?: string;
  sessionId?: string;
}

export interface Joined {
  specId: string;
  sessionId: string;
  epoch: string;
  version: number;
  /** The whole text; absent if `operations` bring a resumed session up to date. */
  content?: string;
  operations?: readonly CommittedOperation[];
  role: Role;
  activeUsers: readonly ActiveUser[];
  limits: Limits;
  /** How many changes of the spec's threads there were; only where the client takes their events. */
  threadsVersion?: number;
}

/** The number of operations that the user may still send in the current minute. */
export interface RateLimit {
  remaining: number;
  resetMs: number;
}

export interface Acknowledged {
  operationId: string;
  success: true;
  version: number;
  rateLimit?: RateLimit;
}

export interface Refused {
  operationId: string;
  success: false;
  code: string;
  message: string;
  currentVersion?: number;
  /** With `OPERATION_ID_REUSED`: the version of the operation that used the id first. */
  version?: number;
  retryAfterMs?: number;
}

export interface VersionConflict {
  operationId: string;
  expectedVersion: number;
  currentVersion: number;
  conflictingOperations: readonly CommittedOperation[];
}

/** The response to `request_sync`: either the operations since then, or the whole text. */
export interface Sync {
  version: number;
  epoch: string;
  operations?: readonly CommittedOperation[];
  content?: string;
}

export interface RemoteCursor {
  userId: string;
  userName: string;
  sessionId: string;
  cursor: Cursor | null;
  version: number;
  /** What the user is typing. Other clients made it, so it has to be checked with `isDraft`. */
  draft?: unknown;
  /** The user asks everybody to come to the cursor. */
  summon?: unknown;
}

/** What a client says of its cursor, which holds at `version`. */
export interface CursorUpdate {
  cursor: Cursor | null;
  version?: number;
  draft?: Draft;
  /** The user asks everybody to come to the cursor. */
  summon?: true;
}

/** What the list of specs shows of a spec, after somebody changed it. */
export interface SpecNews {
  title: string;
  description: string;
  type: string;
  status: string;
  lastModified: string;
}

export interface Failure {
  code: string;
  message: string;
  currentVersion?: number;
  requestId?: string;
}

export type ClientEvent =
  | { event: 'join_session'; data: JoinRequest }
  | { event: 'operation'; data: SentOperation }
  | { event: 'cursor_update'; data: CursorUpdate }
  | { event: 'request_sync'; data: { lastKnownVersion: number; content?: true } }
  | { event: 'authenticate'; data: { token: string } }
  | { event: 'leave_session'; data: { specId: string } }
  | { event: 'ping'; data: Record<string, never> };

export type ServerEvent =
  | {
      event: 'connect';
      data: {
        specId: string;
        userId: string;
        userName: string;
        timestamp: string;
        protocol: number;
      };
    }
  | { event: 'session_joined'; data: Joined }
  | {
      event: 'user_joined';
      data: {
        userId: string;
        userName: string;
        activeUsers: readonly ActiveUser[];
        version: number;
      };
    }
  | {
      event: 'user_left';
      data: { userId: string; activeUsers: readonly ActiveUser[]; version: number };
    }
  | { event: 'operation_ack'; data: Acknowledged | Refused }
  | { event: 'remote_operation'; data: CommittedOperation }
  | { event: 'remote_cursor'; data: RemoteCursor }
  | { event: 'version_conflict'; data: VersionConflict }
  | { event: 'sync'; data: Sync }
  | { event: 'spec_changed'; data: SpecNews }
  | { event: 'threads_changed'; data: ThreadsChanged }
  | { event: 'role_changed'; data: { role: Role | null } }
  | { event: 'document_deleted'; data: { specId: string } }
  | { event: 'authenticated'; data: { expiresAt: string } }
  | { event: 'pong'; data: Record<string, never> }
  | { event: 'error'; data: Failure };

/** The server event with this name. */
export type ServerEventOf<Name extends ServerEvent['event']> = Extract<
  ServerEvent,
  { event: Name }
>;
