import type { Thread, ThreadKind, ThreadMessage } from '../server/threads';
import type { ChosenState } from './specThreads';
import type { Range } from './newRange';

/** A range of the committed text of a version. */
export interface CommittedPlace extends Range {
  readonly epoch: string;
  readonly version: number;
}

interface Base {
  /** A UUID of its own. */
  readonly callId: string;
  readonly threadId: string;
  /** When the user did it, in milliseconds since 1970. */
  readonly at: number;
}

/** A new thread. Until `place` is known, it is at `range` of the shown text. */
export interface OpenCall extends Base {
  readonly kind: ThreadKind;
  readonly range: Range;
  readonly place: CommittedPlace | null;
  readonly quote: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly body: string;
  readonly replacement: string | null;
}

interface MessageCall extends Base {
  readonly messageId: string;
}

export interface ReplyCall extends MessageCall {
  readonly kind: 'reply';
  readonly body: string;
}

export interface EditCall extends MessageCall {
  readonly kind: 'edit';
  readonly body: string;
}

export interface RemoveMessageCall extends MessageCall {
  readonly kind: 'removeMessage';
}

export interface RemoveCall extends Base {
  readonly kind: 'remove';
}

export interface StateCall extends Base {
  readonly kind: 'state';
  readonly state: ChosenState;
}

/** Something that the user did with threads and the server has not confirmed: plain data. */
export type ThreadCall =
  OpenCall | ReplyCall | EditCall | RemoveMessageCall | RemoveCall | StateCall;

/** A call whose text the user would lose with it. */
export type WrittenCall = OpenCall | ReplyCall | EditCall;

export function isOpening(call: ThreadCall): call is OpenCall {
  return call.kind === 'comment' || call.kind === 'suggestion';
}

export function isWritten(call: ThreadCall): call is WrittenCall {
  return isOpening(call) || call.kind === 'reply' || call.kind === 'edit';
}

/** Whether the server's thread shows that it has the call, though it did not say so. */
export function isIn(call: ThreadCall, thread: Thread): boolean {
  return (
    isOpening(call) ||
    (call.kind === 'reply' && thread.messages.some(({ messageId }) => messageId === call.messageId))
  );
}

export interface Person {
  readonly userId: string;
  readonly userName: string;
}

/** A thread as it will be after the user's call; `null` where it will be gone. */
export function after(call: ThreadCall, thread: Thread | null, me: Person): Thread | null {
  if (isOpening(call)) {
    return thread ?? opened(call, me);
  }
  if (!thread) {
    return null;
  }
  switch (call.kind) {
    case 'reply':
      return replied(thread, call, me);
    case 'edit':
      return withMessage(thread, call.messageId, message => ({
        ...message,
        body: call.body,
        editedAt: timeOf(call)
      }));
    case 'removeMessage':
      return withMessage(thread, call.messageId, message => ({
        ...message,
        body: '',
        deleted: true,
        mentions: []
      }));
    case 'state':
      return thread.state === call.state ? thread : decided(thread, call, me);
    case 'remove':
      return null;
  }
}

function opened(call: OpenCall, { userId, userName }: Person): Thread {
  const { threadId, kind, range, place, quote, prefix, suffix, body, replacement } = call;
  const createdAt = timeOf(call);
  const message = { messageId: threadId, userId, userName, body, createdAt, mentions: [] };
  return {
    threadId,
    kind,
    state: 'open',
    anchor: { ...(place ?? { ...range, version: 0 }), orphaned: false },
    quote,
    prefix,
    suffix,
    ...(replacement === null ? {} : { replacement }),
    createdBy: userId,
    createdByName: userName,
    createdAt,
    messages: body ? [message] : [],
    changed: 0
  };
}

/** A resolved comment opens again. */
function replied(thread: Thread, call: ReplyCall, { userId, userName }: Person): Thread {
  const { messageId, body } = call;
  if (thread.messages.some(each => each.messageId === messageId)) {
    return thread;
  }
  const message = { messageId, userId, userName, body, createdAt: timeOf(call), mentions: [] };
  const state = thread.state === 'resolved' ? 'open' : thread.state;
  return { ...thread, state, messages: [...thread.messages, message] };
}

function decided(thread: Thread, call: StateCall, { userId, userName }: Person): Thread {
  const isOpen = call.state === 'open';
  return {
    ...thread,
    state: call.state,
    resolvedBy: isOpen ? null : userId,
    resolvedByName: isOpen ? null : userName,
    resolvedAt: isOpen ? null : timeOf(call)
  };
}

function withMessage(
  thread: Thread,
  messageId: string,
  change: (message: ThreadMessage) => ThreadMessage
): Thread {
  const messages = thread.messages.map(each =>
    each.messageId === messageId ? change(each) : each
  );
  return { ...thread, messages };
}

function timeOf({ at }: ThreadCall): string {
  return new Date(at).toISOString();
}

/** The message whose words are not the server's before the call is; `null` for none. */
export function pendingMessage(call: ThreadCall): string | null {
  if (isOpening(call)) {
    return call.threadId;
  }
  return 'messageId' in call ? call.messageId : null;
}
