import type { Operation, Text } from '../text';
import { type Change, Notices, TOO_LARGE, type Selection } from '../sync';
import { browserEnvironment, Listeners } from '../runtime';
import { type Inheritance, TakeOver, Keeper, NOTHING_KEPT } from '../keeping';
import type { ConnectionOptions, OrphanOptions } from './options';
import { OwnEdits } from './ownEdits';
import type { RemoteCaret } from '../presence';
import { Registry, type Shared } from './registry';
import { stateOf } from './report';
import { Session } from './session';
import { type ConnectionState, INITIAL_STATE, sameState } from './state';
import { type ChangeListener, type View, Views } from './views';

/**
 * One page's connection to one spec, shared by all its views: the document, who is there, and how it stands.
 *
 * An edit shows at once and reaches the server when it can. Nothing that was typed is thrown away: what can't
 * be brought over stays in {@link document}, and {@link rescued} says that it is to be kept by hand.
 */
export class SpecConnection implements Shared {
  private static readonly registry = new Registry<SpecConnection>();

  readonly specId: string;
  private readonly session: Session;
  private readonly ownEdits: OwnEdits;
  private readonly views: Views;
  private readonly keeper: Keeper;
  private readonly notices = new Notices();
  private readonly stopHiding: () => void;
  private readonly stateListeners = new Listeners<ConnectionState>();
  private readonly changeListeners = new Listeners<Change>();

  private snapshot: ConnectionState = INITIAL_STATE;
  private isOpen = false;
  private gone: (() => void) | null = null;

  /** The page's connection to this spec, opened where there is none; to be released by whoever acquired it. */
  static acquire(options: ConnectionOptions): SpecConnection {
    const key = JSON.stringify([options.server ?? '', options.specId]);
    return SpecConnection.registry.acquire(key, () => new SpecConnection(options));
  }

  /** Sends what an earlier page left of a spec, which none shows. */
  static adopt(options: OrphanOptions): void {
    const { editStorage, claims } = options.keeping;
    const keeping = { ...NOTHING_KEPT, editStorage, claims };
    new SpecConnection({ ...options, keeping }, options.inheritance).retire(() => options.gone());
  }

  /** The page's user as a server calls them; `null` while none of its specs has told. */
  static userOf(server: string): string | null {
    const known = SpecConnection.registry.all
      .filter(connection => connection.options.server === server)
      .map(connection => connection.session.state.me?.userId);
    return known.find(Boolean) ?? null;
  }

  /** Whether any spec of the page holds edits that its server has not acknowledged. */
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
    this.keeper = new Keeper(
      environment,
      keeping,
      { server, specId },
      {
        replica: () => (this.session.mayBeSent ? this.session.exchange.replica : null),
        standpoint: () => this.session.standpoint,
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
    return this.session.document;
  }

  /** Where others are, in {@link document}. */
  get cursors(): readonly RemoteCaret[] {
    return this.session.people.carets;
  }

  /** Whether there are edits that the server has not acknowledged. */
  get hasUnsaved(): boolean {
    return this.session.hasUnsaved;
  }

  /** The whole text with edits that will not reach the server by themselves; `null` where there are none. */
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

  /** Tells of each new state; returns what ends the subscription, as the two below do. */
  subscribe(listener: (state: ConnectionState) => void): () => void {
    return this.stateListeners.add(listener);
  }

  /** Tells of each change of the text, whoever made it, the user's own edits included. */
  onChange(listener: ChangeListener): () => void {
    return this.changeListeners.add(listener);
  }

  /** Tells of each move of someone else's cursor that is not merely an edit's push. */
  onCursors(listener: (cursors: readonly RemoteCaret[]) => void): () => void {
    return this.session.people.subscribe(listener);
  }

  /** An editor that shows the document and edits it. It is told of what it didn't do itself. */
  attach(listener: ChangeListener): View {
    return this.views.attach(listener, this.document);
  }

  /** Edits without a view: `operation` is over {@link document}. Ignored while `state.canEdit` is false. */
  edit(operation: Operation, selection: Selection | null = null): void {
    this.ownEdits.edit(operation, selection, null);
  }

  /** Takes the last own edit back; returns the selection from before it. */
  undo(selection: Selection | null = this.session.people.ownSelection): Selection | null {
    return this.ownEdits.undo(selection);
  }

  /** Does again what was undone last. */
  redo(selection: Selection | null = this.session.people.ownSelection): Selection | null {
    return this.ownEdits.redo(selection);
  }

  /**
   * Whether the document may grow by so many code points. Where it may not a notice says so: better before
   * an edit than by a refusal after it.
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

  /** The next edit is undone on its own, however close it is to the last. */
  closeUndoStep(): void {
    this.ownEdits.closeStep();
  }

  /** The user's cursor is here, in {@link document}; `null` where they have none. */
  setCursor(selection: Selection | null): void {
    this.session.people.setOwn(selection);
  }

  /** Ends the wait for the next try, or tries again where the user has done what an ending asked for. */
  reconnectNow(): void {
    this.session.reconnectNow();
  }

  /** A fresh token of the same user, before the present one expires. */
  authenticate(token: string): void {
    this.session.link.send({ event: 'authenticate', data: { token } });
  }

  /** The user has read the notice. */
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
    this.keeper.begin(inheritance);
    this.session.open(inheritance.sessionId, inheritance.left);
  }

  private closeIfDone(): void {
    const isDone = !this.hasUnsaved || this.session.state.phase === 'ended';
    if (this.gone && this.isOpen && isDone) {
      const { gone } = this;
      this.gone = null;
      this.keeper.end();
      this.session.leave();
      this.stopHiding();
      gone();
    }
  }

  private changedByOthers(change: Change): void {
    this.session.people.textChanged(change.operation, null);
    this.ownEdits.textChanged(change.operation);
    this.publish(change, null);
  }

  /** Everything that depends on the text hears of its change, the editor that made it (`by`) excepted. */
  private publish(change: Change, by: View | null): void {
    this.views.publish(change, by);
    this.changeListeners.tell(change);
  }

  /** Tells everyone who listens, where something is other than it was. */
  private changed(): void {
    this.keeper.update();
    const next = stateOf(this.session, this.notices.current, this.keeper.isKeeping);
    this.closeIfDone();
    if (!sameState(next, this.snapshot)) {
      this.snapshot = next;
      this.stateListeners.tell(next);
    }
  }
}
