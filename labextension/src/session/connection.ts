import type { Operation, Text } from '../text';
import { type Change, Notices, type Replica, TOO_LARGE, type Selection } from '../sync';
import { browserEnvironment, Listeners } from '../runtime';
import { type Inheritance, TakeOver, Keeper, NOTHING_KEPT } from '../keeping';
import type { ConnectionOptions, OrphanOptions } from './options';
import { OwnEdits } from './ownEdits';
import { Patience } from './patience';
import type { RemoteCaret, Summons, UserDraft } from '../presence';
import { Registry, type Shared } from './registry';
import { Relief } from './relief';
import { stateOf } from './report';
import { Session, type ThreadNews } from './session';
import { type ConnectionState, INITIAL_STATE, sameState } from './connectionState';
import { type ChangeListener, type Queued, type View, Views } from './views';

/** Milliseconds without progress after which edits of another page are left stored. */
export const ADOPTED_WITHIN = 10_000;

function keyOf({ server = '', specId }: Pick<ConnectionOptions, 'server' | 'specId'>): string {
  return JSON.stringify([server, specId]);
}

/**
 * One page's connection to one spec, shared by all its views: the document, the users in it, and its state.
 *
 * An edit is shown at once and sent as soon as possible. No edit is thrown away: edits that can't be sent stay
 * in {@link document} or in the browser's storage, and {@link rescued} is the text that the user has to copy.
 */
export class SpecConnection implements Shared {
  private static readonly registry = new Registry<SpecConnection>();

  readonly specId: string;
  private readonly session: Session;
  private readonly ownEdits: OwnEdits;
  private readonly views: Views;
  private readonly keeper: Keeper;
  private readonly notices = new Notices();
  private readonly relief: Relief;
  private readonly stopHiding: () => void;
  private readonly stateListeners = new Listeners<ConnectionState>();
  private readonly changeListeners = new Listeners<Change>();

  private snapshot: ConnectionState = INITIAL_STATE;
  private isOpen = false;
  private gone: (() => void) | null = null;
  /** How many edits each page of which this one sends the edits had left. */
  private readonly left = new Map<SpecConnection, number>();
  /** Whether the pending edits are those that another tab left. */
  private isContinuing = false;

  /** The page's connection to this spec, opened where there is none. The caller has to release it. */
  static acquire(options: ConnectionOptions): SpecConnection {
    return SpecConnection.registry.acquire(keyOf(options), () => new SpecConnection(options));
  }

  /**
   * Sends the edits that an earlier page left of a spec, without showing it. Ends also where nothing is sent for
   * {@link ADOPTED_WITHIN}: the edits stay stored, for another time or another page.
   */
  static adopt(options: OrphanOptions): void {
    const { keeping, inheritance, gone, environment = browserEnvironment } = options;
    const { editStorage, claims } = keeping;
    const stored = { ...NOTHING_KEPT, editStorage, claims };
    const orphan = new SpecConnection({ ...options, keeping: stored }, inheritance);
    const shown = () => SpecConnection.registry.find(keyOf(options));
    const follow = (pending: number) => shown()?.leftChanged(orphan, pending);
    orphan.stateListeners.add(state => follow(state.pendingOperations));
    follow(orphan.state.pendingOperations);
    const patience = new Patience(environment, ADOPTED_WITHIN, () => orphan.leave());
    orphan.stateListeners.add(({ pendingOperations }) => patience.extendOn(pendingOperations));
    orphan.retire(() => {
      patience.end();
      follow(0);
      gone();
    });
  }

  /** Whether the page shows this spec of a server and has joined it. */
  static isJoined(server: string, specId: string): boolean {
    const connection = SpecConnection.registry.find(keyOf({ server, specId }));
    return connection?.session.state.phase === 'joined';
  }

  /** Whether the page reaches the server, as far as its connections tell; `true` where there is none. */
  static get isReachable(): boolean {
    const phases = SpecConnection.registry.all.map(({ session }) => session.state.phase);
    return !phases.includes('lost') || phases.includes('joined');
  }

  /** The id of the page's user on a server; `null` before any spec was joined there. */
  static userOf(server: string): string | null {
    const known = SpecConnection.registry.all
      .filter(connection => connection.options.server === server)
      .map(connection => connection.session.state.me?.userId);
    return known.find(Boolean) ?? null;
  }

  /** Whether any spec of the page has edits that its server has not acknowledged. */
  static get anyUnsaved(): boolean {
    return SpecConnection.registry.all.some(connection => connection.hasUnsaved);
  }

  /** Whether any of them would be lost with the page. */
  static get anyAtRisk(): boolean {
    return SpecConnection.registry.all.some(
      connection => connection.hasUnsaved && !connection.keeper.isKeeping
    );
  }

  private constructor(
    private readonly options: ConnectionOptions,
    inheritance: Inheritance | null = null
  ) {
    const { specId, openTransport, environment = browserEnvironment } = options;
    const { server = '', keeping = NOTHING_KEPT } = options;
    this.specId = specId;
    const changed = () => this.changed();
    this.relief = new Relief(environment, changed);
    this.keeper = new Keeper(
      environment,
      keeping,
      { server, specId },
      {
        replica: () => (this.session.mayBeSent ? this.session.exchange.replica : null),
        standpoint: () => this.session.standpoint,
        isOnline: () => this.session.state.phase === 'joined',
        rescued: () => options.rescued?.(),
        changed
      }
    );
    this.session = new Session({
      specId,
      environment,
      openTransport,
      keeper: this.keeper,
      notices: this.notices,
      textChanged: change => this.changedByOthers(change),
      joined: () => options.joined?.(),
      specChanged: news => options.specChanged?.(news),
      changed
    });
    this.ownEdits = new OwnEdits(environment, this.session, (change, by) =>
      this.publish(change, by)
    );
    this.views = new Views(this.ownEdits);
    this.stopHiding = environment.onHide(() => this.keeper.flush());
    if (inheritance) {
      this.open(inheritance);
    } else {
      new TakeOver(keeping, environment, { server, specId }).inherit(inheritance =>
        this.open(inheritance)
      );
    }
  }

  /** Ends one use. After the last one the connection closes, once every edit is acknowledged. */
  release(): void {
    SpecConnection.registry.release(this);
  }

  /** The current state. */
  get state(): ConnectionState {
    return this.snapshot;
  }

  /** The shown text; empty before the first join. */
  get document(): Text {
    return this.session.document;
  }

  /** The document as this page has it: committed, and what is pending over that; `null` before the first join. */
  get replica(): Replica | null {
    return this.session.exchange.replica;
  }

  /** Other users' cursors, in {@link document}. */
  get cursors(): readonly RemoteCaret[] {
    return this.session.people.carets;
  }

  /** What others are typing and the server has not committed, over {@link document}. */
  get drafts(): readonly UserDraft[] {
    return this.session.people.drafts;
  }

  /** Whether there are edits that the server has not acknowledged. */
  get hasUnsaved(): boolean {
    return this.session.hasUnsaved;
  }

  /** The whole text with edits that will not be sent by themselves; `null` where there are none. */
  get rescued(): string | null {
    const isLost = this.session.state.phase === 'ended' && this.hasUnsaved;
    return isLost ? this.document.toString() : this.keeper.unstoredText;
  }

  get canUndo(): boolean {
    return this.ownEdits.canUndo;
  }

  get canRedo(): boolean {
    return this.ownEdits.canRedo;
  }

  /** Calls `listener` with each new state; returns a function that ends the subscription, as the two below. */
  subscribe(listener: (state: ConnectionState) => void): () => void {
    return this.stateListeners.add(listener);
  }

  /** Calls `listener` with each change of the text, the user's own edits included. */
  onChange(listener: ChangeListener): () => void {
    return this.changeListeners.add(listener);
  }

  /** Calls `listener` when another user moves a cursor; not when an edit moves it. */
  onCursors(listener: (cursors: readonly RemoteCaret[]) => void): () => void {
    return this.session.people.subscribe(listener);
  }

  /** Calls `listener` when a draft of another user comes, goes or changes; not when an edit moves it. */
  onDrafts(listener: () => void): () => void {
    return this.session.people.onDrafts(listener);
  }

  /** Calls `listener` when another user asks everybody to come to their cursor. */
  onSummons(listener: (summons: Summons) => void): () => void {
    return this.session.people.onSummons(listener);
  }

  /** Calls `listener` when the server tells of the spec's threads. */
  onThreads(listener: (news: ThreadNews) => void): () => void {
    return this.session.threadNews.add(listener);
  }

  /**
   * Adds an editor of the document. Its listener receives every change that it did not make itself; with `arrived`,
   * when the view catches up.
   */
  attach(listener: ChangeListener, arrived?: (change: Queued) => void): View {
    return this.views.attach(listener, this.document, arrived);
  }

  /** Edits without a view: `operation` is over {@link document}. Ignored while `state.canEdit` is false. */
  edit(operation: Operation, selection: Selection | null = null): void {
    this.ownEdits.edit(operation, selection, null);
  }

  /** Undoes the user's last edit; returns the selection from before it. */
  undo(selection: Selection | null = this.session.people.ownSelection): Selection | null {
    return this.ownEdits.undo(selection);
  }

  /** Redoes the last undone edit. */
  redo(selection: Selection | null = this.session.people.ownSelection): Selection | null {
    return this.ownEdits.redo(selection);
  }

  /**
   * Whether the document may grow by so many code points. If not, a notice is shown, so that the edit is
   * stopped before the server refuses it.
   */
  mayGrow(growth: number): boolean {
    const { limits } = this.session.state;
    const allowed =
      growth <= 0 || this.document.length + growth <= (limits?.documentLength ?? Infinity);
    if (!allowed) {
      this.notices.show(TOO_LARGE);
      this.changed();
    }
    return allowed;
  }

  /** The next edit becomes an undo step of its own. */
  closeUndoStep(): void {
    this.ownEdits.closeStep();
  }

  /** The user moved the cursor, in {@link document}; `null` where there is none. */
  setCursor(selection: Selection | null): void {
    this.session.people.setOwn(selection);
  }

  /** Asks everybody in the spec to come to this user's cursor. */
  summon(): void {
    this.session.people.summon();
  }

  /** Tries to connect at once, also after an ending where the user has done what it asked for. */
  reconnectNow(): void {
    this.session.reconnectNow();
  }

  /** Joins anew, as others shall read another name of the user. */
  renew(): void {
    this.session.renew();
  }

  /** Replaces the user's token before it expires. */
  authenticate(token: string): void {
    this.session.link.send({ event: 'authenticate', data: { token } });
  }

  /** Hides the notice. */
  dismissNotice(): void {
    this.notices.dismiss();
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

  private open(inheritance: Inheritance): void {
    this.isOpen = true;
    this.isContinuing = inheritance.left !== null && !inheritance.isOwn;
    this.keeper.begin(inheritance);
    this.session.open(inheritance.sessionId, inheritance.left);
  }

  private closeIfDone(): void {
    const isDone = !this.hasUnsaved || this.session.state.phase === 'ended';
    if (this.gone && this.isOpen && isDone) {
      this.leave();
    }
  }

  /** Ends for good; edits that are not acknowledged stay stored. */
  private leave(): void {
    const { gone } = this;
    this.gone = null;
    this.keeper.end();
    this.session.leave();
    this.stopHiding();
    gone?.();
  }

  /** How many edits `orphan` has still to send. */
  private leftChanged(orphan: SpecConnection, pending: number): void {
    if (pending > 0) {
      this.left.set(orphan, pending);
    } else {
      this.left.delete(orphan);
    }
    this.changed();
  }

  private changedByOthers(change: Change): void {
    this.session.people.textChanged(change.operation, null);
    this.ownEdits.textChanged(change.operation);
    this.publish(change, null);
  }

  /** Passes a change to all views except `by`, the one that made it, and to all listeners. */
  private publish(change: Change, by: View | null): void {
    this.views.publish(change, by);
    this.changeListeners.tell(change);
  }

  /** Publishes the state where it changed. */
  private changed(): void {
    this.keeper.update();
    this.isContinuing &&= this.hasUnsaved;
    const next = this.relief.after(
      stateOf(this.session, {
        notice: this.notices.current,
        isKeeping: this.keeper.isKeeping,
        leftOperations: [...this.left.values()].reduce((sum, edits) => sum + edits, 0),
        isContinuing: this.isContinuing
      })
    );
    this.closeIfDone();
    if (!sameState(next, this.snapshot)) {
      this.snapshot = next;
      this.stateListeners.tell(next);
    }
  }
}
