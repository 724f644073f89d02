import type { Joined, Limits, Role } from '../protocol';
import type { Standpoint } from '../keeping';
import type { Me } from '../presence';
import type { Message } from '../sync';

/**
 * How a page stands with the server: a value, replaced by each of the functions below.
 *
 * `opening`: not joined for the first time yet. `joined`: in the session. `lost`: the connection is, and is
 * tried again. `ended`: nothing is tried by itself any more.
 */
export interface SessionState {
  readonly phase: 'opening' | 'joined' | 'lost' | 'ended';
  readonly me: Me | null;
  readonly role: Role | null;
  readonly limits: Limits | null;
  /** What the server said last before it closes the connection, or may do so. */
  readonly said: Message | null;
  /** Why it has ended. */
  readonly error: Message | null;
}

export const OPENING: SessionState = {
  phase: 'opening',
  me: null,
  role: null,
  limits: null,
  said: null,
  error: null
};

/** Where an earlier page stood, until the server says how it is now. */
export function resumed({ me, role, limits }: Standpoint): SessionState {
  return { ...OPENING, me, role, limits };
}

/** The server said who the user is to it. */
export function introduced(
  state: SessionState,
  { userId, userName }: { userId: string; userName: string }
): SessionState {
  const sessionId = isOther(state, userId) ? null : (state.me?.sessionId ?? null);
  return { ...state, me: { userId, userName, sessionId } };
}

/** Whether the user was someone else until now. */
export function isOther({ me }: SessionState, userId: string): boolean {
  return me !== null && me.userId !== '' && me.userId !== userId;
}

export function joined(state: SessionState, { sessionId, limits, role }: Joined): SessionState {
  const me = { userId: '', userName: '', ...state.me, sessionId };
  return { phase: 'joined', me, role, limits, said: null, error: null };
}

export function told(state: SessionState, { code, message }: Message): SessionState {
  return { ...state, said: { code, message } };
}

/** The connection is lost and worth another try, as a new session where the old one was taken over. */
export function lost(state: SessionState, isTakenOver: boolean): SessionState {
  const me = state.me && isTakenOver ? { ...state.me, sessionId: null } : state.me;
  return { ...state, phase: 'lost', me };
}

/** It ends, for a reason (`error`) or because nobody needs it any more. */
export function ended(state: SessionState, error: Message | null): SessionState {
  return { ...state, phase: 'ended', error };
}

/** The user has done what the reason of an ending asked for. */
export function mended(state: SessionState): SessionState {
  return { ...state, phase: 'lost', error: null };
}

/** Whether the role lets the server take edits. */
export function mayWrite({ role }: SessionState): boolean {
  return role !== null && role !== 'viewer';
}
