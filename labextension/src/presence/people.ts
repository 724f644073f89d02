import type {
  ActiveUser,
  ClientEvent,
  Cursor,
  Draft,
  RemoteCursor,
  ServerEvent
} from '../protocol';
import { type Environment, Listeners } from '../runtime';
import type { Operation, Text } from '../text';
import { Announcer, type Unsaved } from './announcer';
import { draftOf } from './draft';
import { Drafts, type UserDraft } from './drafts';
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

/** Another user asks everybody to come to the cursor of a session. */
export interface Summons {
  readonly sessionId: string;
  readonly userId: string;
  readonly userName: string;
}

/** The users in the document, their cursors and drafts, and the sending of this user's cursor. */
export class People {
  private presence: Presence = NOBODY;
  private readonly listeners = new Listeners<readonly RemoteCaret[]>();
  private readonly draftListeners = new Listeners<void>();
  private readonly summonListeners = new Listeners<Summons>();
  private readonly announcer: Announcer;
  private readonly others: Drafts;

  constructor(
    environment: Environment,
    private readonly source: PeopleSource
  ) {
    this.announcer = new Announcer(environment, {
      unsaved: () => this.unsaved,
      draft: selection => this.draft(selection),
      announce: (selection, draft, ends) => this.announce(selection, draft, ends)
    });
    this.others = new Drafts(
      environment,
      () => source.replica(),
      () => this.draftListeners.tell()
    );
  }

  get users(): readonly ActiveUser[] {
    return this.presence.users;
  }

  /** Other users' cursors, in the shown text. */
  get carets(): readonly RemoteCaret[] {
    return this.presence.carets;
  }

  /** What others are typing and the server has not committed, over the shown text. */
  get drafts(): readonly UserDraft[] {
    return this.others.shown;
  }

  /** This user's selection, in the shown text. */
  get ownSelection(): Selection | null {
    return this.announcer.current;
  }

  /** Calls `listener` when another user moves a cursor; not when an edit moves it. */
  subscribe(listener: (carets: readonly RemoteCaret[]) => void): () => void {
    return this.listeners.add(listener);
  }

  /** Calls `listener` when a draft comes, goes or changes; not when an edit moves it. */
  onDrafts(listener: () => void): () => void {
    return this.draftListeners.add(listener);
  }

  /** Calls `listener` when another user asks everybody to come. */
  onSummons(listener: (summons: Summons) => void): () => void {
    return this.summonListeners.add(listener);
  }

  /** A join is sent: what was told of drafts before may not be so any more, and their end not be told. */
  joining(): void {
    this.others.clear();
  }

  /** This user's session begins: earlier cursors of others are outdated. */
  joined(users: readonly ActiveUser[], version: number): void {
    this.presence = NOBODY;
    this.setUsers(users, version);
    this.announcer.forget();
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
        this.takeRest(event.data);
        break;
      default:
    }
  }

  /** The connection is gone, for now or for good. */
  disconnected(): void {
    this.announcer.stop();
    this.presence = { ...this.presence, carets: [] };
    this.listeners.tell(this.carets);
    this.others.clear();
  }

  /** Replaces the list of users; their cursors are of `version`. */
  private setUsers(users: readonly ActiveUser[], version: number): void {
    const { place } = this;
    this.presence = withUsers(this.presence, users, this.source.me()?.userId ?? '', user =>
      user.cursor && place ? place(user.cursor, version) : null
    );
    this.listeners.tell(this.carets);
    this.others.keepOf(new Set(users.map(({ userId }) => userId)));
  }

  private moveCursor(message: RemoteCursor): void {
    const { place } = this;
    if (place && message.sessionId !== this.source.me()?.sessionId) {
      const selection = message.cursor && place(message.cursor, message.version);
      this.presence = withCursor(this.presence, message, selection);
      this.listeners.tell(this.carets);
    }
  }

  /** What goes with a cursor. */
  private takeRest(message: RemoteCursor): void {
    const { sessionId, userId, userName, summon } = message;
    if (sessionId === this.source.me()?.sessionId) {
      return;
    }
    this.others.receive(message);
    if (summon === true) {
      this.summonListeners.tell({ sessionId, userId, userName });
    }
  }

  /** The text changed, which moves all cursors; `own` is this user's selection after an own edit. */
  textChanged(operation: Operation, own: Selection | null): void {
    this.presence = movePresence(this.presence, operation);
    this.announcer.textChanged(operation, own !== null);
    if (own) {
      this.announcer.set(own);
    } else {
      this.others.textChanged();
    }
  }

  /** Edits were made, sent, acknowledged or refused. */
  unsavedChanged(): void {
    this.announcer.unsavedChanged();
  }

  /** An operation has left. */
  operationSent(withCursor: boolean): void {
    if (withCursor) {
      this.announcer.operationSent();
    }
  }

  /** Asks everybody to come to this user's cursor. */
  summon(): void {
    this.announce(this.announcer.current, this.draft(this.announcer.current), true, true);
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
    this.announcer.goesAlong(current);
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

  /** What a draft could show to somebody. */
  private get unsaved(): Unsaved {
    const pending = this.source.replica()?.pending;
    const { users, carets } = this.presence;
    if (!pending || !this.source.isJoined() || (users.length < 2 && carets.length === 0)) {
      return 'nothing';
    }
    return pending.buffer ? 'unsent' : pending.outstanding ? 'unanswered' : 'nothing';
  }

  private draft(selection: Selection | null): Draft | null {
    const replica = this.source.replica();
    return replica && draftOf(replica, selection);
  }

  /**
   * Sends the cursor in the committed text. While edits are unsent, it is sent with a draft of them, or else with the
   * operation instead, unless it has to end a draft (`ends`).
   */
  private announce(
    selection: Selection | null,
    draft: Draft | null,
    ends: boolean,
    summon = false
  ): boolean {
    const replica = this.source.replica();
    const { outstanding = null, buffer = null } = replica?.pending ?? {};
    if (!this.source.isJoined() || !replica || (buffer && !draft && !ends)) {
      return false;
    }
    const committed = [buffer, outstanding].reduce(
      (moved, edit) => (moved && edit ? movedBack(moved, edit.operation) : moved),
      selection
    );
    this.source.send({
      event: 'cursor_update',
      data: {
        cursor: committed && toCursor(committed, replica.committed),
        version: replica.version,
        ...(draft && { draft }),
        ...(summon && { summon })
      }
    });
    return true;
  }
}
