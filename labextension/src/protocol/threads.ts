/** Comments and suggestions as the server sends them. Positions are code points, times ISO-8601 UTC. */

export type ThreadKind = 'comment' | 'suggestion';

/** Only suggestions are `accepted` or `rejected`. */
export type ThreadState = 'open' | 'resolved' | 'accepted' | 'rejected';

/** The range of a thread in the text of the committed `version`, from `start` up to `end`. */
export interface WireAnchor {
  readonly start: number;
  readonly end: number;
  readonly version: number;
  /** Whether its letters are gone: then it is a place, at `start`. */
  readonly orphaned: boolean;
  /** What an orphan held before its last letters went, at most 1,000 code points. */
  readonly letters?: string | null;
}

/** What somebody wrote in a thread, in Markdown. A deleted message keeps its place, with an empty body. */
export interface ThreadMessage {
  readonly messageId: string;
  readonly userId: string;
  readonly userName: string;
  readonly body: string;
  readonly createdAt: string;
  readonly editedAt?: string | null;
  readonly deleted?: boolean;
  /** The userIds of those whom it mentions. */
  readonly mentions: readonly string[];
}

/** A comment or a suggestion on a range of the text, with what was answered, the oldest first. */
export interface Thread {
  readonly threadId: string;
  readonly kind: ThreadKind;
  readonly state: ThreadState;
  readonly anchor: WireAnchor;
  /** The text of the range when the thread was made, at most 1,000 code points, and what stood around it. */
  readonly quote: string;
  readonly prefix: string;
  readonly suffix: string;
  /** Of a suggestion: what is to stand in place of the range. */
  readonly replacement?: string | null;
  readonly createdBy: string;
  readonly createdByName: string;
  readonly createdAt: string;
  readonly resolvedBy?: string | null;
  readonly resolvedByName?: string | null;
  readonly resolvedAt?: string | null;
  /** The version that accepting it made. */
  readonly acceptedVersion?: number | null;
  readonly messages: readonly ThreadMessage[];
  /** The spec's `threadsVersion` of its last change. */
  readonly changed: number;
}

/**
 * A change of the spec's threads: it made `threadsVersion`, one more than the change before. The anchors of `threads`
 * are those of `version`.
 */
export interface ThreadsChanged {
  readonly threadsVersion: number;
  readonly version: number;
  readonly threads: readonly Thread[];
  /** The ids of threads that are gone. */
  readonly deleted: readonly string[];
}
