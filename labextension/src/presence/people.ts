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

/** What the people in a document need from the connection. */
export interface PeopleSource {
  me(): Me | null;
  /** The document; `null` while nobody can say where in it a place is. */
  replica(): Replica | null;
  isJoined(): boolean;
  send(event: ClientEvent): void;
}

/** Who is in the document and where: the others as they say, and this user's cursor as it is told to them. */
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

  /** Where others are, in the text that the user sees. */
  get carets(): readonly RemoteCaret[] {
    return this.presence.carets;
  }

  /** Where this user's cursor is, in the same text. */
  get ownSelection(): Selection | null {
    return this.announcer.current;
  }

  /** Tells of each move of someone else's cursor that is not merely an edit's push. */
  subscribe(listener: (carets: readonly RemoteCaret[]) => void): () => void {
    return this.listeners.add(listener);
  }

  /** This user's session begins: what was known of the others may be long past. */
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

  /** These are there, and no others; `version` is the one that their cursors are of. */
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

  /** The text changed: everybody's cursor goes along, but this user's own where `own` says where it is. */
  textChanged(operation: Operation, own: Selection | null): void {
    this.presence = movePresence(this.presence, operation);
    this.announcer.textChanged(operation, own !== null);
    if (own) {
      this.announcer.set(own);
    }
  }

  /** This user's cursor is here. */
  setOwn(selection: Selection | null): void {
    this.announcer.set(selection);
  }

  /** What kept the own cursor from being sent may be over. */
  schedule(): void {
    this.announcer.schedule();
  }

  /** The cursor that goes along with an operation, in the `text` after it; `rest` is unsent behind that. */
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

  /** Says where the cursor is in the committed text; while edits wait it will go along with them. */
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
