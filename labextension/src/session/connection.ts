import type { Joined, Limits, OpenTransport, Role, ServerEvent } from '../protocol';
import { type Operation, Text } from '../text';
import { canRetry, endingOf, TOO_LARGE } from './endings';
import { browserEnvironment, type Environment } from './environment';
import { Exchange } from './exchange';
import {
  closeStep,
  type History,
  NO_HISTORY,
  recordEdit,
  recordRemote,
  redo,
  type Step,
  undo
} from './history';
import { Link } from './link';
import { Listeners } from './listeners';
import { pendingEdits } from './pending';
import { People } from './people';
import type { Selection } from './place';
import type { RemoteCaret } from './presence';
import { Registry, type Shared } from './registry';
import type { Replica } from './replica';
import { countParts } from './split';
import {
  type ConnectionState,
  INITIAL_STATE,
  type Me,
  type Message,
  sameState,
  type Status
} from './state';
import { type Change, type ChangeListener, type Origin, type View, Views } from './views';

export interface ConnectionOptions {
  readonly specId: string;
  readonly openTransport: OpenTransport;
  /** Which server, where a page talks to several; a connection is shared by those who name both alike. */
  readonly server?: string;
  readonly environment?: Environment;
}

const EMPTY_TEXT = Text.of('');

/**
 * One page's connection to one spec, shared by all its views: the document, who is there, and how it stands.
 *
 * An edit shows at once and reaches the server when it can. Nothing that was typed is thrown away: what can't
 * be brought over stays in {@link document}, and {@link rescued} says that it is to be kept by hand.
 */
export class SpecConnection implements Shared {
  private static readonly registry = new Registry<SpecConnection>();

  readonly specId: string;
  private readonly environment: Environment;
  private readonly link: Link;
  private readonly exchange: Exchange;
  private readonly people: People;
  private readonly views: Views;
  private readonly stateListeners = new Listeners<ConnectionState>();
  private readonly changeListeners = new Listeners<Change>();
  private readonly pendingListeners = new Listeners<Replica>();

  private phase: 'opening' | 'joined' | 'lost' | 'ended' = 'opening';
  private history: History = NO_HISTORY;
  private snapshot: ConnectionState = INITIAL_STATE;
  private me: Me | null = null;
  private role: Role | null = null;
  private limits: Limits | null = null;
  private said: Message | null = null;
  private error: Message | null = null;
  private notice: Message | null = null;
  private rescuedText: string | null = null;
  private toldPending: Replica['pending'] | null = null;
  private gone: (() => void) | null = null;

  /** The page's connection to this spec, opened where there is none; to be released by whoever acquired it. */
  static acquire(options: ConnectionOptions): SpecConnection {
    const key = JSON.stringify([options.server ?? '', options.specId]);
    return SpecConnection.registry.acquire(key, () => new SpecConnection(options));
  }

  /** Whether any spec of the page holds edits that its server has not acknowledged. */
  static get anyUnsaved(): boolean {
    return SpecConnection.registry.all.some(connection => connection.hasUnsaved);
  }

  private constructor(options: ConnectionOptions) {
    this.specId = options.specId;
    this.environment = options.environment ?? browserEnvironment;
    this.link = new Link(this.environment, options.openTransport, {
      opened: () => this.join(),
      received: event => this.receive(event),
      lost: code => this.lost(code),
      changed: () => this.changed()
    });
    this.exchange = new Exchange(this.environment, {
      send: event => this.link.send(event),
      textChanged: (operation, before, origin, userId) =>
        this.textChanged({ operation, before, after: this.document, origin, userId }, null),
      cursorIn: (text, rest) => this.people.along(text, rest),
      progressed: () => this.changed(),
      noticed: notice => {
        this.notice = notice;
      },
      stalled: () => this.link.abandon('no answer to a request for the text'),
      failed: error => this.end(error)
    });
    this.people = new People(this.environment, {
      me: () => this.me,
      replica: () => (this.exchange.isRecovering ? null : this.exchange.replica),
      isJoined: () => this.phase === 'joined',
      send: event => this.link.send(event)
    });
    this.views = new Views({
      edit: (operation, selection, by) => this.editBy(operation, selection, by),
      undo: selection => this.step(undo, selection),
      redo: selection => this.step(redo, selection)
    });
    this.link.open();
  }

  /** Gives back what {@link acquire} gave; with the last one it closes, once every edit is acknowledged. */
  release(): void {
    SpecConnection.registry.release(this);
  }

  /** How it stands now. */
  get state(): ConnectionState {
    return this.snapshot;
  }

  /** The text that the user sees; empty before the first joining. */
  get document(): Text {
    return this.exchange.replica?.text ?? EMPTY_TEXT;
  }

  /** Where others are, in {@link document}. */
  get cursors(): readonly RemoteCaret[] {
    return this.people.carets;
  }

  /** Whether there are edits that the server has not acknowledged. */
  get hasUnsaved(): boolean {
    const pending = this.exchange.replica?.pending;
    return pending !== undefined && pending.kind !== 'synchronised';
  }

  /** The whole text with edits that will not reach the server; `null` where there are none. */
  get rescued(): string | null {
    return this.rescuedText;
  }

  get canUndo(): boolean {
    return this.history.undoable.length > 0;
  }

  get canRedo(): boolean {
    return this.history.redoable.length > 0;
  }

  /** Tells of each new state; returns what ends the subscription, as the three below do. */
  subscribe(listener: (state: ConnectionState) => void): () => void {
    return this.stateListeners.add(listener);
  }

  /** Tells of each change of the text, whoever made it, the user's own edits included. */
  onChange(listener: ChangeListener): () => void {
    return this.changeListeners.add(listener);
  }

  /** Tells of each move of someone else's cursor that is not merely an edit's push. */
  onCursors(listener: (cursors: readonly RemoteCaret[]) => void): () => void {
    return this.people.subscribe(listener);
  }

  /** Tells of each change of what is pending, for whoever keeps it beyond the life of the page. */
  onPendingChanged(listener: (replica: Replica) => void): () => void {
    return this.pendingListeners.add(listener);
  }

  /** An editor that shows the document and edits it. It is told of what it didn't do itself. */
  attach(listener: ChangeListener): View {
    return this.views.attach(listener, this.document);
  }

  /** Edits without a view: `operation` is over {@link document}. Ignored while `state.canEdit` is false. */
  edit(operation: Operation, selection: Selection | null = null): void {
    this.editBy(operation, selection, null);
  }

  /** Takes the last own edit back; returns the selection from before it. */
  undo(selection: Selection | null = this.people.ownSelection): Selection | null {
    return this.step(undo, selection);
  }

  /** Does again what was undone last. */
  redo(selection: Selection | null = this.people.ownSelection): Selection | null {
    return this.step(redo, selection);
  }

  /**
   * Whether the document may grow by so many code points. Where it may not a notice says so: better before
   * an edit than by a refusal after it.
   */
  mayGrow(growth: number): boolean {
    const allowed =
      growth <= 0 || this.document.length + growth <= (this.limits?.documentLength ?? Infinity);
    if (!allowed) {
      this.notice = TOO_LARGE;
      this.changed();
    }
    return allowed;
  }

  /** The next edit is undone on its own, however close it is to the last. */
  closeUndoStep(): void {
    this.history = closeStep(this.history);
  }

  /** The user's cursor is here, in {@link document}; `null` where they have none. */
  setCursor(selection: Selection | null): void {
    this.people.setOwn(selection);
  }

  /** Ends the wait for the next try, or tries again where the user has done what an ending asked for. */
  reconnectNow(): void {
    if (this.phase === 'ended' && this.error && canRetry(this.error)) {
      this.phase = 'lost';
      this.error = null;
      this.link.retry(true);
    } else {
      this.link.retryNow();
    }
    this.changed();
  }

  /** A fresh token of the same user, before the present one expires. */
  authenticate(token: string): void {
    this.link.send({ event: 'authenticate', data: { token } });
  }

  /** The user has read the notice. */
  dismissNotice(): void {
    this.notice = null;
    this.changed();
  }

  /** @internal */
  retire(gone: () => void): void {
    this.gone = gone;
    this.closeIfDone();
  }

  /** @internal */
  revive(): void {
    this.gone = null;
  }

  private closeIfDone(): void {
    if (this.gone && (!this.hasUnsaved || this.phase === 'ended')) {
      this.link.send({ event: 'leave_session', data: { specId: this.specId } });
      this.phase = 'ended';
      this.exchange.disconnected();
      this.people.disconnected();
      this.link.dispose();
      this.gone();
      this.gone = null;
    }
  }

  private join(): void {
    const { replica } = this.exchange;
    const resumed = replica && { lastKnownVersion: replica.version, epoch: replica.epoch };
    const sessionId = this.me?.sessionId;
    this.link.send({
      event: 'join_session',
      data: { specId: this.specId, batch: true, ...resumed, ...(sessionId && { sessionId }) }
    });
  }

  private receive(event: ServerEvent): void {
    switch (event.event) {
      case 'connect': {
        const { userId, userName } = event.data;
        this.me = { userId, userName, sessionId: this.me?.sessionId ?? null };
        break;
      }
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
        this.said = { code: 'SPEC_NOT_FOUND', message: '' };
        break;
      case 'error':
        this.failure(event.data);
        break;
      case 'authenticated':
      case 'pong':
        break;
    }
    this.changed();
  }

  private joined(data: Joined): void {
    this.phase = 'joined';
    this.error = this.said = null;
    this.me = { userId: '', userName: '', ...this.me, sessionId: data.sessionId };
    this.limits = data.limits;
    this.link.joined();
    this.setRole(data.role);
    this.exchange.joined(data, data.limits);
    this.people.joined(data.activeUsers, data.version);
  }

  private setRole(role: Role | null): void {
    this.role = role;
    this.exchange.setWritable(role !== null && role !== 'viewer');
  }

  private failure(error: Message): void {
    this.said = { code: error.code, message: error.message };
    if (error.code === 'NOT_JOINED' && this.phase === 'joined') {
      this.join();
    } else if (error.code === 'VERSION_CONFLICT') {
      this.exchange.requestSync('content');
    } else if (error.code === 'STORE_UNAVAILABLE' && this.phase !== 'joined') {
      this.link.abandon(error.message);
    }
  }

  private lost(code: number): void {
    this.exchange.disconnected();
    this.people.disconnected();
    const ending = endingOf(code, this.said);
    if (ending.kind === 'final') {
      this.end(ending.error);
      return;
    }
    this.phase = 'lost';
    if (ending.kind === 'rejoin' && this.me) {
      this.me = { ...this.me, sessionId: null };
    }
    this.link.retry(ending.kind === 'rejoin');
    this.changed();
  }

  private end(error: Message): void {
    this.phase = 'ended';
    this.error = error;
    this.exchange.disconnected();
    this.people.disconnected();
    this.link.close();
    this.rescuedText = this.hasUnsaved ? this.document.toString() : null;
    this.changed();
  }

  private editBy(operation: Operation, selection: Selection | null, by: View | null): void {
    if (!this.canEdit) {
      return;
    }
    const before = this.document;
    const now = this.environment.now();
    const { ownSelection } = this.people;
    this.history = recordEdit(this.history, operation, before, ownSelection, now);
    this.editAs('local', operation, selection, by);
  }

  private step(
    take: (history: History, text: Text, selection: Selection | null) => Step | null,
    selection: Selection | null
  ): Selection | null {
    const step = this.canEdit ? take(this.history, this.document, selection) : null;
    if (step) {
      this.history = step.history;
      this.editAs('undo', step.operation, step.selection, null);
    }
    return step?.selection ?? null;
  }

  private editAs(
    origin: Origin,
    operation: Operation,
    selection: Selection | null,
    by: View | null
  ): void {
    const before = this.document;
    this.people.textChanged(operation, selection);
    this.exchange.edit(operation);
    this.textChanged({ operation, before, after: this.document, origin, userId: null }, by);
  }

  /** Everything that depends on the text hears of its change, the editor that made it (`by`) excepted. */
  private textChanged(change: Change, by: View | null): void {
    if (change.origin !== 'local' && change.origin !== 'undo') {
      this.people.textChanged(change.operation, null);
      this.history = recordRemote(this.history, change.operation);
    }
    this.views.publish(change, by);
    this.changeListeners.tell(change);
  }

  private get canEdit(): boolean {
    const mayWrite = this.role !== null && this.role !== 'viewer';
    return mayWrite && this.exchange.replica !== null && this.phase !== 'ended';
  }

  private get status(): Status {
    if (this.phase === 'ended') {
      return 'ended';
    }
    if (this.phase === 'lost') {
      return 'offline';
    }
    if (!this.exchange.replica) {
      return 'connecting';
    }
    return this.hasUnsaved || this.exchange.isRecovering ? 'saving' : 'synchronised';
  }

  /** Tells everyone who listens, where something is other than it was. */
  private changed(): void {
    const { replica } = this.exchange;
    const buffer = replica?.pending.buffer?.operation;
    const inFlight = replica?.pending.outstanding ? 1 : 0;
    const next: ConnectionState = {
      status: this.status,
      version: replica?.version ?? 0,
      pendingOperations: replica ? pendingEdits(replica.pending) : 0,
      pendingParts: inFlight + (buffer ? countParts(buffer, this.exchange.sizeLimit) : 0),
      retryInSeconds: this.link.secondsLeft,
      attempts: this.link.attempts,
      role: this.role,
      canEdit: this.canEdit,
      users: this.people.users,
      me: this.me,
      error: this.error,
      notice: this.notice,
      transport: this.link.name,
      roundTripMs: this.link.roundTripMs,
      limits: this.limits
    };
    this.closeIfDone();
    if (replica && replica.pending !== this.toldPending) {
      this.toldPending = replica.pending;
      this.pendingListeners.tell(replica);
    }
    if (!sameState(next, this.snapshot)) {
      this.snapshot = next;
      this.stateListeners.tell(next);
    }
  }
}
