import type { ActiveUser, RemoteCursor } from '../protocol';
import type { Operation } from '../text';
import {
  fromCursor,
  moveSelection,
  sameSelection,
  type Selection,
  type RecentVersions
} from '../sync';

/** Another session's cursor, in the shown text. */
export interface RemoteCaret extends Selection {
  /** The session; `null` while only the user's newest cursor is known, and not its session. */
  readonly sessionId: string | null;
  readonly userId: string;
  readonly userName: string;
  /** As the server sent it. It comes from others and has to be checked before it is used in a style. */
  readonly color: string | null;
  /** Increases when the user moves the cursor, not when an edit moves it. */
  readonly moves: number;
}

/** Translates a cursor at a version to the shown text. */
export type Placing = (cursor: NonNullable<RemoteCursor['cursor']>, version: number) => Selection;

/** The users and cursors, as a value. */
export interface Presence {
  readonly users: readonly ActiveUser[];
  readonly carets: readonly RemoteCaret[];
}

export const NOBODY: Presence = { users: [], carets: [] };

/** Transforms a cursor over the operations since its version and over the pending ones. */
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

/** Takes a new list of users: removes the cursors of users who left, and adds those of new ones. */
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

/** A session moved its cursor, or removed it. */
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

/** Moves all cursors over a change of the shown text. */
export function movePresence(presence: Presence, operation: Operation): Presence {
  return {
    ...presence,
    carets: presence.carets.map(caret => ({ ...caret, ...moveSelection(caret, operation) }))
  };
}
