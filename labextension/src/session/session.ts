import type { Joined, OpenTransport, Role, SentOperation, ServerEvent } from '../protocol';
import type { Environment } from '../runtime';
import type { Operation, Text } from '../text';
import { canRetry, endingOf } from './endings';
import { OTHER_USER, Exchange, type Replica, type Message } from '../sync';
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
  told
} from './sessionState';
import type { Change } from './views';

export interface SessionListener {
  /** Calls back once `message`, which is to be sent, would outlive the page. */
  whenKept(message: SentOperation, then: () => void): void;
  /** Edits of `replica` will not be sent as they are, and `why`. */
  stranded(replica: Replica, why: Message): void;
  /** The text changed by something that the user did not do. */
  textChanged(change: Change): void;
  noticed(notice: Message): void;
  /** Something is other than it was. */
  changed(): void;
}

const NOBODY: Me = { userId: '', userName: '', sessionId: null };

/**
 * One page's session in a spec: joins it, resumes it after a loss, hears what the server says, and ends where
 * trying again is of no use.
 */
export class Session {
  readonly link: Link;
  readonly exchange: Exchange;
  readonly people: People;
  private current: SessionState = OPENING;

  constructor(
    private readonly specId: string,
    environment: Environment,
    openTransport: OpenTransport,
    private readonly listener: SessionListener
  ) {
    this.link = new Link(environment, openTransport, {
      opened: () => this.join(),
      received: event => this.receive(event),
      lost: code => this.lost(code),
      changed: () => listener.changed()
    });
    this.exchange = new Exchange(environment, {
      send: event => this.link.send(event),
      textChanged: (operation, before, origin, userId) =>
        listener.textChanged({ operation, before, after: this.document, origin, userId }),
      cursorIn: (text, rest) => this.people.along(text, rest),
      progressed: () => listener.changed(),
      noticed: notice => listener.noticed(notice),
      whenKept: (message, then) => listener.whenKept(message, then),
      stranded: (replica, why) => this.stranded(replica, why),
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

  /** The text that the user sees; empty before the first joining. */
  get document(): Text {
    return this.exchange.document;
  }

  /** Whether there are edits that the server has not acknowledged. */
  get hasUnsaved(): boolean {
    const pending = this.exchange.replica?.pending;
    return pending !== undefined && pending.kind !== 'synchronised';
  }

  /** What another page needs to go on in place of this one. */
  get standpoint(): Standpoint {
    const { me, role, limits } = this.current;
    return { me: me ?? NOBODY, role, limits };
  }

  /** Whether its edits may still reach the server. */
  get isHopeful(): boolean {
    const { phase, error } = this.current;
    return phase !== 'ended' || (error !== null && canRetry(error));
  }

  /** Whether nothing of it is lost or put aside: what is unsaved may still be sent. */
  get mayBeSent(): boolean {
    return this.isHopeful || !this.hasUnsaved;
  }

  get canEdit(): boolean {
    const { current } = this;
    return mayWrite(current) && this.exchange.replica !== null && current.phase !== 'ended';
  }

  /** Opens the connection, to go on with what an earlier page left, where it left something. */
  open(sessionId: string | null, left: Left | null): void {
    const { me = NOBODY, role = null, limits = null } = left?.standpoint ?? {};
    this.current = resumed({ me: { ...me, sessionId }, role, limits });
    if (left) {
      this.exchange.restore(left.replica);
    }
    this.link.open();
    this.listener.changed();
  }

  /** The user edited: `operation` is over {@link document}. */
  edit(operation: Operation): void {
    this.exchange.edit(operation);
  }

  /** Ends the wait for the next try, or tries again where the user has done what an ending asked for. */
  reconnectNow(): void {
    const { phase, error } = this.current;
    if (phase === 'ended' && error && (canRetry(error) || !this.hasUnsaved)) {
      this.current = mended(this.current);
      this.link.retry(true);
    } else {
      this.link.retryNow();
    }
    this.listener.changed();
  }

  /** Leaves for good. */
  leave(): void {
    this.link.send({ event: 'leave_session', data: { specId: this.specId } });
    this.current = ended(this.current, this.current.error);
    this.disconnected();
    this.link.dispose();
  }

  private join(): void {
    this.exchange.disconnected(); // what was sent and not answered may be lost
    const { replica } = this.exchange;
    const resumed = replica && { lastKnownVersion: replica.version, epoch: replica.epoch };
    const sessionId = this.current.me?.sessionId;
    this.link.send({
      event: 'join_session',
      data: { specId: this.specId, batch: true, ...resumed, ...(sessionId && { sessionId }) }
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
      case 'user_joined':
      case 'user_left':
        this.people.setUsers(event.data.activeUsers, event.data.version);
        break;
      case 'remote_cursor':
        this.people.moveCursor(event.data);
        break;
      case 'remote_operation':
        this.exchange.remoteOperation(event.data);
        break;
      case 'operation_ack':
        this.exchange.acknowledgement(event.data);
        this.people.schedule();
        break;
      case 'version_conflict':
        this.exchange.conflict(event.data);
        break;
      case 'sync':
        this.exchange.sync(event.data);
        break;
      case 'role_changed':
        this.setRole(event.data.role);
        break;
      case 'document_deleted':
        this.current = told(this.current, { code: 'SPEC_DELETED', message: '' });
        break;
      case 'error':
        this.failure(event.data);
        break;
      case 'authenticated':
      case 'pong':
        break;
    }
    this.listener.changed();
  }

  /** What another user of this browser has not sent is theirs: this one begins anew. */
  private introduced(user: { userId: string; userName: string }): void {
    const { replica } = this.exchange;
    if (replica && this.hasUnsaved && isOther(this.current, user.userId)) {
      this.listener.stranded(replica, OTHER_USER);
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
  }

  /** Whoever may not edit may view at the most; if less, the server says so, too. */
  private stranded(replica: Replica, why: Message): void {
    if (why.code === 'FORBIDDEN' && mayWrite(this.current)) {
      this.setRole('viewer');
    }
    this.listener.stranded(replica, why);
  }

  /** Without any role the end follows at once, and with it the edits are put aside. */
  private setRole(role: Role | null): void {
    this.current = { ...this.current, role };
    if (role) {
      this.exchange.setWritable(mayWrite(this.current));
    }
  }

  private failure(error: Message): void {
    const isJoined = this.current.phase === 'joined';
    this.current = told(this.current, error);
    if (error.code === 'NOT_JOINED' && isJoined) {
      this.join();
    } else if (error.code === 'VERSION_CONFLICT') {
      this.exchange.requestSync('content');
    } else if (error.code === 'STORE_UNAVAILABLE' && !isJoined) {
      this.link.abandon(error.message);
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
    this.current = lost(this.current, isTakenOver);
    this.link.retry(isTakenOver);
    this.listener.changed();
  }

  private end(error: Message): void {
    this.current = ended(this.current, error);
    this.disconnected();
    this.link.close();
    const { replica } = this.exchange;
    if (replica && this.hasUnsaved && !this.isHopeful) {
      this.listener.stranded(replica, error);
    }
    this.listener.changed();
  }

  private disconnected(): void {
    this.exchange.disconnected();
    this.people.disconnected();
  }
}
