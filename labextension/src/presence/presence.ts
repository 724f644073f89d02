import type { ActiveUser, RemoteCursor } from '../protocol';
import type { Operation } from '../text';
import {
  fromCursor,
  moveSelection,
  sameSelection,
  type Selection,
  type RecentVersions
} from '../sync';

/** Where someone else is, in the text that this user sees. */
export interface RemoteCaret extends Selection {
  /** The session it belongs to; `null` while only the person's latest is known, not whose of their sessions. */
  readonly sessionId: string | null;
  readonly userId: string;
  readonly userName: string;
  /** As the server sent it: data of others, to be checked before it is used in a style. */
  readonly color: string | null;
  /** Rises when the person moved it, and not when someone's edits pushed it along. */
  readonly moves: number;
}

/** A place that someone stated, brought into the text that this user sees. */
export type Placing = (cursor: NonNullable<RemoteCursor['cursor']>, version: number) => Selection;

/** Who is there and where, as a value. */
export interface Presence {
  readonly users: readonly ActiveUser[];
  readonly carets: readonly RemoteCaret[];
}

export const NOBODY: Presence = { users: [], carets: [] };

/** Brings a cursor from the committed text of its version over what came since and what is pending. */
export function placing(
  recentVersions: RecentVersions,
  pending: readonly (Operation | undefined)[]
): Placing {
  return (cursor, version) => {
    const { anchor, head } = fromCursor(cursor, recentVersions.textAt(version));
    const committed = {
      anchor: recentVersions.forward(anchor, version),
      head: recentVersions.forward(head, version)
    };
    return pending.reduce<Selection>(
      (moved, operation) => (operation ? moveSelection(moved, operation) : moved),
      committed
    );
  };
}

/** A list of everyone; carets of those who left go, those of newcomers come, the others stay. */
export function withUsers(
  presence: Presence,
  users: readonly ActiveUser[],
  me: string,
  place: (user: ActiveUser) => Selection | null
): Presence {
  const present = new Map(users.map(user => [user.userId, user]));
  const staying = presence.carets
    .filter(caret => present.has(caret.userId))
    .map(caret => named(caret, present.get(caret.userId)));
  const known = new Set(staying.map(caret => caret.userId));
  const coming = users
    .filter(user => user.userId !== me && !known.has(user.userId))
    .flatMap(user => {
      const selection = place(user);
      return selection ? [named({ ...selection, ...UNNAMED, userId: user.userId }, user)] : [];
    });
  return { users, carets: [...staying, ...coming] };
}

const UNNAMED = { sessionId: null, userName: '', color: null, moves: 0 };

function named(caret: RemoteCaret, user: ActiveUser | undefined): RemoteCaret {
  return user ? { ...caret, userName: user.userName, color: user.color ?? null } : caret;
}

/** Someone's session moved its cursor, or has none any more. */
export function withCursor(
  presence: Presence,
  message: RemoteCursor,
  selection: Selection | null
): Presence {
  const { sessionId, userId, userName } = message;
  const previous = presence.carets.find(caret => isOf(caret, message));
  const others = presence.carets.filter(caret => caret !== previous);
  if (!selection) {
    return previous ? { ...presence, carets: others } : presence;
  }
  if (previous?.sessionId === sessionId && sameSelection(previous, selection)) {
    return presence;
  }
  const moves = (previous?.moves ?? 0) + 1;
  const caret = { ...selection, sessionId, userId, userName, color: null, moves };
  const user = presence.users.find(({ userId: id }) => id === userId);
  return { ...presence, carets: [...others, named(caret, user)] };
}

function isOf(caret: RemoteCaret, { sessionId, userId }: RemoteCursor): boolean {
  return caret.sessionId === sessionId || (caret.sessionId === null && caret.userId === userId);
}

/** The text changed by `operation`, whoever made it: everyone's caret goes along. */
export function movePresence(presence: Presence, operation: Operation): Presence {
  return {
    ...presence,
    carets: presence.carets.map(caret => ({ ...caret, ...moveSelection(caret, operation) }))
  };
}
