import type { ActiveUser, ClientEvent, Cursor, RemoteCursor, ServerEvent } from '../protocol';
import { type Environment, Listeners } from '../runtime';
import type { Operation, Text } from '../text';
import { Announcer } from './announcer';
import { movedBack, type Selection, toCursor, type Replica } from '../sync';
import {
  movePresence,
  NOBODY,
  placing,
  type Placing,
  type Presence,
  type RemoteCaret,
  withCursor,
  withUsers
} from './presence';
import type { Me } from './me';

/** The session that {@link People} belongs to. */
export interface PeopleSource {
  me(): Me | null;
  /** The document; `null` while offsets in it can't be translated. */
  replica(): Replica | null;
  isJoined(): boolean;
  send(event: ClientEvent): void;
}

/** The users in the document and their cursors, and the sending of this user's cursor. */
export class People {
  private presence: Presence = NOBODY;
  private readonly listeners = new Listeners<readonly RemoteCaret[]>();
  private readonly announcer: Announcer;

  constructor(
    environment: Environment,
    private readonly source: PeopleSource
  ) {
    this.announcer = new Announcer(environment, selection => this.announce(selection));
  }

  get users(): readonly ActiveUser[] {
    return this.presence.users;
  }

  /** Other users' cursors, in the shown text. */
  get carets(): readonly RemoteCaret[] {
    return this.presence.carets;
  }

  /** This user's selection, in the shown text. */
  get ownSelection(): Selection | null {
    return this.announcer.current;
  }

  /** Calls `listener` when another user moves a cursor; not when an edit moves it. */
  subscribe(listener: (carets: readonly RemoteCaret[]) => void): () => void {
    return this.listeners.add(listener);
  }

  /** This user's session begins: earlier cursors of others are outdated. */
  joined(users: readonly ActiveUser[], version: number): void {
    this.presence = NOBODY;
    this.setUsers(users, version);
    this.announcer.wasAnnounced(null);
    this.announcer.schedule();
  }

  /** Takes an event of the server; events that do not concern presence are ignored. */
  receive(event: ServerEvent): void {
    switch (event.event) {
      case 'user_joined':
      case 'user_left':
        this.setUsers(event.data.activeUsers, event.data.version);
        break;
      case 'remote_cursor':
        this.moveCursor(event.data);
        break;
      default:
    }
  }

  /** The connection is gone, for now or for good. */
  disconnected(): void {
    this.announcer.stop();
    this.presence = { ...this.presence, carets: [] };
    this.listeners.tell(this.carets);
  }

  /** Replaces the list of users; their cursors are of `version`. */
  private setUsers(users: readonly ActiveUser[], version: number): void {
    const { place } = this;
    this.presence = withUsers(this.presence, users, this.source.me()?.userId ?? '', user =>
      user.cursor && place ? place(user.cursor, version) : null
    );
    this.listeners.tell(this.carets);
  }

  private moveCursor(message: RemoteCursor): void {
    const { place } = this;
    if (place && message.sessionId !== this.source.me()?.sessionId) {
      const selection = message.cursor && place(message.cursor, message.version);
      this.presence = withCursor(this.presence, message, selection);
      this.listeners.tell(this.carets);
    }
  }

  /** The text changed, which moves all cursors; `own` is this user's selection after an own edit. */
  textChanged(operation: Operation, own: Selection | null): void {
    this.presence = movePresence(this.presence, operation);
    this.announcer.textChanged(operation, own !== null);
    if (own) {
      this.announcer.set(own);
    }
  }

  /** This user moved the cursor. */
  setOwn(selection: Selection | null): void {
    this.announcer.set(selection);
  }

  /** Tries to send this user's cursor soon, if others do not have it. */
  schedule(): void {
    this.announcer.schedule();
  }

  /** The cursor to send with an operation, in the `text` after it; `rest` is still unsent. */
  along(text: Text, rest: Operation | null): Cursor | undefined {
    const { current } = this.announcer;
    if (!current) {
      return undefined;
    }
    this.announcer.wasAnnounced(current);
    return toCursor(rest ? movedBack(current, rest) : current, text);
  }

  private get place(): Placing | null {
    const replica = this.source.replica();
    if (!replica) {
      return null;
    }
    const { outstanding, buffer } = replica.pending;
    return placing(replica.recentVersions, [outstanding?.operation, buffer?.operation]);
  }

  /** Sends the cursor in the committed text. While edits are unsent, the cursor is sent with them instead. */
  private announce(selection: Selection | null): boolean {
    const replica = this.source.replica();
    if (!this.source.isJoined() || !replica || replica.pending.buffer) {
      return false;
    }
    const operation = replica.pending.outstanding?.operation;
    const committed = selection && operation ? movedBack(selection, operation) : selection;
    const cursor = committed && toCursor(committed, replica.committed);
    this.source.send({ event: 'cursor_update', data: { cursor, version: replica.version } });
    return true;
  }
}
