import type { Role } from '../protocol';
import type { Listeners } from '../runtime';
import type { SpecError } from '../server/error';
import type { Thread, ThreadKind } from '../server/threads';
import type { MessageDrafts } from './messageDrafts';

/** How many code points a message has at most, and what is suggested. */
export const LONGEST_BODY = 10_000;

/** A range of the connection's text in UTF-16 units, which are the positions of an editor that shows all of it. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A thread as it is to be shown. The same object as before where nothing of it has changed. */
export interface ShownThread {
  /** With what the user did, and the server has not confirmed yet. Its `anchor` is not kept up to date: see `range`. */
  readonly thread: Thread;
  /**
   * Where it is in the connection's text, with the user's unacknowledged edits. Of no length where it is an insertion,
   * or its words are gone. `null` while the place is not known.
   */
  readonly range: TextRange | null;
  /** Whether its words are gone. */
  readonly isOrphaned: boolean;
  /** Whether the server does not have the thread yet. */
  readonly isPending: boolean;
  /** The ids of messages that the server does not have yet, or not as they are shown. */
  readonly pendingMessages: readonly string[];
}

/** A thread that was just made: it is shown at once. */
export interface Opened {
  readonly threadId: string;
  /** Resolves when the server has it; rejects with {@link SpecError} if it refuses. */
  readonly sent: Promise<void>;
}

/** A text that the user wrote and the server refused. It is kept until the user sends it again or discards it. */
export interface RefusedText {
  readonly callId: string;
  readonly threadId: string;
  readonly kind: ThreadKind | 'reply' | 'edit';
  readonly body: string;
  /** Of a suggestion. */
  readonly replacement: string | null;
  /** What the passage was. */
  readonly quote: string | null;
  readonly error: SpecError;
}

/** The states that can be chosen; for `accepted` see {@link SpecThreads.accept}. */
export type ChosenState = 'open' | 'resolved' | 'rejected';

/**
 * The comments and suggestions of an open spec.
 *
 * What the user writes is shown at once, kept in the browser until the server has it, and sent when the server can be
 * reached. The promises of calls therefore may take long; they reject with {@link SpecError}, with nothing changed, and
 * nobody has to wait for them.
 */
export interface SpecThreads {
  /** All open threads, and of the closed ones those that are known, in the order of the text. */
  readonly all: readonly ShownThread[];
  find(threadId: string): ShownThread | null;
  /** Whether all open threads are known. */
  readonly isReady: boolean;
  /** Why they are not; `null` while they are loaded. */
  readonly error: SpecError | null;
  /** Asks again after an error. */
  retryLoading(): void;
  readonly role: Role | null;
  /** The userId of the page's user; empty before the spec was joined. */
  readonly me: string;
  /** `threads`: what is said, or the list, is another one. `places`: only ranges moved, with the text. */
  readonly changed: Listeners<'threads' | 'places'>;

  /** The id of the thread that the user looks at. */
  readonly selected: string | null;
  select(threadId: string | null): void;
  readonly selectedChanged: Listeners<void>;

  /** Open threads that mention the user, who has not answered since. */
  readonly unreadMentions: readonly string[];

  /** Comments on a range, which must not be empty. */
  comment(range: TextRange, body: string): Opened;
  /** Suggests other words for a range; an empty range is an insertion, an empty replacement a deletion. */
  suggest(range: TextRange, replacement: string, body?: string): Opened;
  reply(threadId: string, body: string): Promise<void>;
  edit(threadId: string, messageId: string, body: string): Promise<void>;
  removeMessage(threadId: string, messageId: string): Promise<void>;
  remove(threadId: string): Promise<void>;
  setState(threadId: string, state: ChosenState): Promise<void>;
  /**
   * Makes the edit of a suggestion, which comes as a change of the text. It is never done later than it is asked for:
   * rejects where the server can't be reached.
   */
  accept(threadId: string): Promise<void>;

  /** What the user wrote and the server refused, the oldest first. */
  readonly refused: readonly RefusedText[];
  retry(callId: string): void;
  discard(callId: string): void;

  /** Asks the server for a thread that is not among {@link all}, as a closed one may be; `null` if there is none. */
  load(threadId: string): Promise<ShownThread | null>;
  /** Whether there may be closed threads that are not known. */
  readonly hasMoreClosed: boolean;
  /** Asks the server for further closed threads. */
  loadClosed(): Promise<void>;

  /** What the user has begun to write. */
  readonly drafts: MessageDrafts;
}
