import { mayComment, type Role } from '../protocol';
import type { Thread, ThreadMessage } from '../server/threads';

/** What somebody may do with a thread, as far as their role and the thread's state tell. */
export interface ThreadRights {
  readonly mayReply: boolean;
  /** Resolve an open comment. */
  readonly mayResolve: boolean;
  /** Open a resolved comment, or a rejected suggestion. */
  readonly mayReopen: boolean;
  readonly mayAccept: boolean;
  readonly mayReject: boolean;
  /** Delete the whole thread. */
  readonly mayRemove: boolean;
}

const ADMINS: readonly (Role | null)[] = ['admin', 'owner'];
const EDITORS: readonly (Role | null)[] = ['contributor', ...ADMINS];

/** The rights of the user `me` with this role in a thread. */
export function rightsIn(thread: Thread, role: Role | null, me: string): ThreadRights {
  const { kind, state, createdBy, messages } = thread;
  const [isCommenter, isEditor, isAdmin] = [
    mayComment(role),
    EDITORS.includes(role),
    ADMINS.includes(role)
  ];
  const isMaker = isCommenter && createdBy === me;
  const isAnswered = messages.some(({ userId }) => userId !== createdBy);
  const isSuggestion = kind === 'suggestion';
  const mayDecide = isSuggestion && (isEditor || isMaker);
  return {
    mayReply: isCommenter,
    mayResolve: isCommenter && !isSuggestion && state === 'open',
    mayReopen: isSuggestion
      ? mayDecide && state === 'rejected'
      : isCommenter && state === 'resolved',
    mayAccept: isSuggestion && isEditor && state === 'open',
    mayReject: mayDecide && state === 'open',
    mayRemove: isAdmin || (isMaker && !isAnswered)
  };
}

/** Whether the user may change the words of a message. */
export function mayEditMessage(message: ThreadMessage, role: Role | null, me: string): boolean {
  return mayComment(role) && message.userId === me && !message.deleted;
}

/** Whether the user may delete a message. */
export function mayRemoveMessage(message: ThreadMessage, role: Role | null, me: string): boolean {
  return !message.deleted && (ADMINS.includes(role) || mayEditMessage(message, role, me));
}
