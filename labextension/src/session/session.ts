import type {
  Joined,
  OpenTransport,
  Role,
  ServerEvent,
  ServerEventOf,
  SpecNews,
  ThreadsChanged
} from '../protocol';
import { type Environment, Listeners } from '../runtime';
import type { Operation, Text } from '../text';
import { canRetry, endingOf } from './endings';
import {
  type Change,
  type EditKeeper,
  Exchange,
  type Message,
  type Notices,
  OTHER_USER,
  ownMessage
} from '../sync';
import type { Left, Standpoint } from '../keeping';
import { Link } from './link';
import { People, type Me } from '../presence';
import {
  ended,
  introduced,
  isOther,
  joined,
  lost,
  mayWrite,
  mended,
  OPENING,
  resumed,
  type SessionState,
  STORE_UNAVAILABLE,
  told
} from './sessionState';

export interface SessionOptions {
  readonly specId: string;
  readonly environment: Environment;
  readonly openTransport: OpenTransport;
  readonly keeper: EditKeeper;
  readonly notices: Notices;
  /** The text changed, but not by an edit of the user. */
  textChanged(change: Change): void;
  /** The session was joined, maybe after a loss. */
  joined(): void;
  /** Somebody changed the spec's entry. */
  specChanged(news: SpecNews): void;
  /** Anything that an interface shows of the session may have changed. */
  changed(): void;
}

/** The session was joined, and the spec's threads stand at a version; or they changed. `null`: the server has none. */
export type ThreadNews =
  | { readonly kind: 'joined'; readonly threadsVersion: number | null }
  | { readonly kind: 'changed'; readonly change: ThreadsChanged };

const NOBODY: Me = { userId: '', userName: '', sessionId: null };

/**
 * One page's session in a spec: joins it, resumes it after a loss, passes the server's events on, and ends
 * where another try is of no use.
 */
export class Session {
  readonly link: Link;
  readonly exchange: Exchange;
  readonly people: People;
  readonly threadNews = new Listeners<ThreadNews>();
  private current: SessionState = OPENING;

  constructor(private readonly options: SessionOptions) {
    const { environment, openTransport, keeper, notices } = options;
    const changed = () => options.changed();
    this.link = new Link(environment, openTransport, {
      opened: () => this.join(),
      received: event => this.receive(event),
      lost: code => this.lost(code),
      changed
    });
    this.exchange = new Exchange(environment, keeper, notices, {
      send: event => {
        this.link.send(event);
        if (event.event === 'operation') {
          this.people.operationSent(event.data.cursor !== undefined);
        }
      },
      textChanged: change => options.textChanged(change),
      cursorIn: (text, rest) => this.people.along(text, rest),
      progressed: changed,
      forbidden: () => this.forbidden(),
      stalled: () => this.link.abandon('no answer to a request for the text'),
      failed: error => this.end(error)
    });
    this.people = new People(environment, {
      me: () => this.current.me,
      replica: () => (this.exchange.isRecovering ? null : this.exchange.replica),
      isJoined: () => this.current.phase === 'joined',
      send: event => this.link.send(event)
    });
  }

  get state(): SessionState {
    return this.current;
  }

  /** The shown text; empty before the first join. */
  get document(): Text {
    return this.exchange.document;
  }

  /** Whether there are edits that the server has not acknowledged. */
  get hasUnsaved(): boolean {
    const pending = this.exchange.replica?.pending;
    return pending !== undefined && pending.kind !== 'synchronised';
  }

  /** What another page needs to continue in place of this one. */
  get standpoint(): Standpoint {
    const { me, role, limits } = this.current;
    return { me: me ?? NOBODY, role, limits };
  }

  /** Whether unsaved edits may still be sent. */
  get isHopeful(): boolean {
    const { phase, error } = this.current;
    return phase !== 'ended' || (error !== null && canRetry(error));
  }

  /** Whether all unsaved edits may still be sent. */
  get mayBeSent(): boolean {
    return this.isHopeful || !this.hasUnsaved;
  }

  get canEdit(): boolean {
    const { current } = this;
    return mayWrite(current) && this.exchange.replica !== null && current.phase !== 'ended';
  }

  /** Opens the connection and continues with the edits that an earlier page left, if any. */
  open(sessionId: string | null, left: Left | null): void {
    const { me = NOBODY, role = null, limits = null } = left?.standpoint ?? {};
    this.current = resumed({ me: { ...me, sessionId }, role, limits });
    if (left) {
      this.exchange.restore(left.replica);
    }
    this.link.open();
    this.options.changed();
  }

  /** The user edited: `operation` is over {@link document}. */
  edit(operation: Operation): void {
    this.exchange.edit(operation);
    this.people.unsavedChanged();
  }

  /** Tries to connect at once, also after an ending where the user has done what it asked for. */
  reconnectNow(): void {
    const { phase, error } = this.current;
    if (phase === 'ended' && error && (canRetry(error) || !this.hasUnsaved)) {
      this.current = mended(this.current);
      this.link.retry(true);
    } else {
      this.link.retryNow();
    }
    this.options.changed();
  }

  /** Leaves, and joins as a new session by a new connection: the server looks at the login again. */
  renew(): void {
    if (this.current.phase === 'joined') {
      this.link.send({ event: 'leave_session', data: { specId: this.options.specId } });
      this.current = lost(this.current, true, this.options.environment.date());
      this.disconnected();
      this.link.open();
      this.options.changed();
    }
  }

  /** Leaves for good. */
  leave(): void {
    this.link.send({ event: 'leave_session', data: { specId: this.options.specId } });
    this.current = ended(this.current, this.current.error);
    this.disconnected();
    this.link.dispose();
  }

  private join(): void {
    this.exchange.disconnected(); // unanswered messages may be lost
    this.people.joining();
    const { replica } = this.exchange;
    const resumed = replica && { lastKnownVersion: replica.version, epoch: replica.epoch };
    const sessionId = this.current.me?.sessionId;
    this.link.send({
      event: 'join_session',
      data: {
        specId: this.options.specId,
        batch: true,
        features: ['drafts', 'summon', 'attachments', 'threads'],
        ...resumed,
        ...(sessionId && { sessionId })
      }
    });
  }

  private receive(event: ServerEvent): void {
    switch (event.event) {
      case 'connect':
        this.introduced(event.data);
        break;
      case 'session_joined':
        this.joined(event.data);
        break;
      case 'role_changed':
        this.setRole(event.data.role);
        break;
      case 'spec_changed':
        this.options.specChanged(event.data);
        break;
      case 'threads_changed':
        this.threadNews.tell({ kind: 'changed', change: event.data });
        break;
      case 'document_deleted':
        this.current = told(this.current, ownMessage('SPEC_DELETED'));
        break;
      case 'error':
        this.failure(event);
        break;
      case 'operation_ack':
        this.exchange.receive(event);
        this.people.schedule();
        break;
      default:
        this.people.receive(event);
        this.exchange.receive(event);
    }
    this.people.unsavedChanged();
    this.options.changed();
  }

  /** Unsent edits of another user of this browser are put aside, and this user starts without them. */
  private introduced(user: { userId: string; userName: string }): void {
    const { keeper, notices } = this.options;
    const { replica } = this.exchange;
    if (replica && this.hasUnsaved && isOther(this.current, user.userId)) {
      notices.show(OTHER_USER);
      keeper.setAside(replica, OTHER_USER);
      this.exchange.restore(null);
      this.link.open();
    }
    this.current = introduced(this.current, user);
  }

  private joined(data: Joined): void {
    this.current = joined(this.current, data);
    this.link.joined();
    this.setRole(data.role);
    this.exchange.joined(data, data.limits);
    this.people.joined(data.activeUsers, data.version);
    this.threadNews.tell({ kind: 'joined', threadsVersion: data.threadsVersion ?? null });
    this.options.joined();
  }

  /** A user who may not edit may still view. If not even that, the server closes the connection. */
  private forbidden(): void {
    if (mayWrite(this.current)) {
      this.setRole('viewer');
    }
  }

  /** Where the role was taken away, the server closes the connection, and the edits are put aside then. */
  private setRole(role: Role | null): void {
    this.current = { ...this.current, role };
    if (role) {
      this.exchange.setWritable(mayWrite(this.current));
    }
  }

  private failure(event: ServerEventOf<'error'>): void {
    const { code, message } = event.data;
    const isJoined = this.current.phase === 'joined';
    this.current = told(this.current, event.data);
    if (code === 'NOT_JOINED' && isJoined) {
      this.join();
    } else if (code === STORE_UNAVAILABLE && !isJoined) {
      this.link.abandon(message);
    } else {
      this.exchange.receive(event);
    }
  }

  private lost(code: number): void {
    this.disconnected();
    const ending = endingOf(code, this.current.said);
    if (ending.kind === 'final') {
      this.end(ending.error);
      return;
    }
    const isTakenOver = ending.kind === 'rejoin';
    this.current = lost(this.current, isTakenOver, this.options.environment.date());
    this.link.retry(isTakenOver);
    this.options.changed();
  }

  private end(error: Message): void {
    this.current = ended(this.current, error);
    this.disconnected();
    this.link.close();
    const { replica } = this.exchange;
    if (replica && this.hasUnsaved && !this.isHopeful) {
      this.options.keeper.setAside(replica, error);
    }
    this.options.changed();
  }

  private disconnected(): void {
    this.exchange.disconnected();
    this.people.disconnected();
  }
}
