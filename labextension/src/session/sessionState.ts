import { type Joined, type Limits, mayEdit, type Role } from '../protocol';
import type { Standpoint } from '../keeping';
import type { Me } from '../presence';
import type { Message, Trouble } from '../sync';

/**
 * The state of a page's session: a value, replaced by each of the functions below.
 *
 * `opening`: not joined yet. `joined`: in the session. `lost`: the connection was lost and is opened again.
 * `ended`: the connection is not opened again by itself.
 */
export interface SessionState {
  readonly phase: 'opening' | 'joined' | 'lost' | 'ended';
  readonly me: Me | null;
  readonly role: Role | null;
  readonly limits: Limits | null;
  /** The last error or deletion that the server reported on this connection. */
  readonly said: Message | null;
  /** Why the session ended. */
  readonly error: Message | null;
  /** Why the server, though it can be reached, does not let this page join now. */
  readonly trouble: Trouble | null;
  /** When the connection was lost, or could not be opened first, in milliseconds since 1970. */
  readonly lostSince: number | null;
}

export const OPENING: SessionState = {
  phase: 'opening',
  me: null,
  role: null,
  limits: null,
  said: null,
  error: null,
  trouble: null,
  lostSince: null
};

/** The state of an earlier page, until the server sends the current one. */
export function resumed({ me, role, limits }: Standpoint): SessionState {
  return { ...OPENING, me, role, limits };
}

/** The server named the user. */
export function introduced(
  state: SessionState,
  { userId, userName }: { userId: string; userName: string }
): SessionState {
  const sessionId = isOther(state, userId) ? null : (state.me?.sessionId ?? null);
  return { ...state, me: { userId, userName, sessionId } };
}

/** Whether the session belonged to another user until now. */
export function isOther({ me }: SessionState, userId: string): boolean {
  return me !== null && me.userId !== '' && me.userId !== userId;
}

export function joined(state: SessionState, { sessionId, limits, role }: Joined): SessionState {
  const me = { userId: '', userName: '', ...state.me, sessionId };
  return { ...OPENING, phase: 'joined', me, role, limits };
}

export function told(state: SessionState, { code, message }: Message): SessionState {
  return { ...state, said: { code, message } };
}

/** The code of a refusal to join that is worth another try. */
export const STORE_UNAVAILABLE = 'STORE_UNAVAILABLE';

/**
 * The connection was lost and is opened again, as a new session where the old one was taken over; `date` is the
 * time in milliseconds since 1970.
 */
export function lost(state: SessionState, isTakenOver: boolean, date: number): SessionState {
  const me = state.me && isTakenOver ? { ...state.me, sessionId: null } : state.me;
  const isRefused = state.phase !== 'joined' && state.said?.code === STORE_UNAVAILABLE;
  const since = state.trouble?.since ?? date;
  const trouble = isRefused && state.said ? { ...state.said, since } : null;
  return { ...state, phase: 'lost', me, said: null, trouble, lostSince: state.lostSince ?? date };
}

/** The session ends: because of `error`, or because it is not needed any more. */
export function ended(state: SessionState, error: Message | null): SessionState {
  return { ...state, phase: 'ended', error };
}

/** The user asked for another attempt after the session ended. */
export function mended(state: SessionState): SessionState {
  return { ...state, phase: 'lost', error: null };
}

/** Whether the role allows editing. */
export function mayWrite({ role }: SessionState): boolean {
  return mayEdit(role);
}
