import type { Role } from '../protocol';
import { Listeners } from '../runtime';
import { SpecError } from '../server/error';
import type { Thread, ThreadPage, ThreadQuery, ThreadsApi } from '../server/threads';
import type { Change, SpecConnection, ThreadNews } from '../session';
import type { Replica } from '../sync';
import type { Anchor } from '../text';
import { AnchorBoard } from './anchorBoard';
import { quotedAt } from './beginning';
import type { ThreadCall } from './calls';
import { DirectRequests } from './directRequests';
import { MessageDrafts } from './messageDrafts';
import { OwnCalls, type OwnCallsOptions } from './ownCalls';
import { refusedText } from './refusedText';
import { mentions, ShownList, toldThreads, type ToldThread } from './shownList';
import type {
  ChosenState,
  Opened,
  RefusedText,
  ShownThread,
  SpecThreads,
  TextRange
} from './specThreads';
import { ThreadLoader } from './threadLoader';
import { ThreadSet, type ThreadsTaken } from './threadSet';

/** How many versions the anchors may be behind while nobody looks. */
const MOST_BEHIND = 128;

export interface LiveThreadsOptions extends OwnCallsOptions {
  readonly connection: Pick<
    SpecConnection,
    'specId' | 'document' | 'replica' | 'state' | 'onChange' | 'onThreads' | 'subscribe'
  >;
  readonly api: ThreadsApi;
}

type Body<Call> = Call extends ThreadCall ? Omit<Call, 'callId' | 'at'> : never;

/**
 * The comments and suggestions of a connection's spec, while people write.
 *
 * Laws (`liveThreads.test.ts`): when everything has arrived, they are what the server has, whatever was lost, delayed or
 * repeated; the server does once what the user did once; each range is where the server has it, moved over what it has
 * not acknowledged.
 */
export class LiveThreads implements SpecThreads {
  readonly changed = new Listeners<'threads' | 'places'>();
  readonly selectedChanged = new Listeners<void>();
  private set = new ThreadSet();
  private board = new AnchorBoard();
  private own: OwnCalls | null = null;
  private readonly loader: ThreadLoader;
  private readonly list = new ShownList();
  /** What the list shows, apart from places; `null` where that may have changed. */
  private told: ReadonlyMap<string, ToldThread> | null = null;
  /** The replica that the list shows. */
  private shownOf: Replica | null = null;
  private epoch: string | null = null;
  private knownRole: Role | null = null;
  private failure: SpecError | null = null;
  private chosen: string | null = null;
  private readonly requests: DirectRequests;
  private readonly noDrafts: MessageDrafts;
  private readonly stops: readonly (() => void)[];

  constructor(private readonly options: LiveThreadsOptions) {
    const { connection, api, environment, storage, server } = options;
    this.noDrafts = new MessageDrafts(storage, JSON.stringify([server, connection.specId]));
    this.requests = new DirectRequests(connection, api, threads => {
      this.took(this.set.take(threads));
      this.changed.tell('threads');
    });
    this.loader = new ThreadLoader({
      specId: connection.specId,
      api,
      clock: environment,
      needed: () => this.needed(),
      loaded: (answer, query) => this.loaded(answer, query),
      failed: error => {
        this.failure = error;
        this.changed.tell('threads');
      }
    });
    this.stops = [
      connection.onChange(change => this.textChanged(change)),
      connection.onThreads(news => this.heard(news)),
      connection.subscribe(() => this.follow())
    ];
    this.follow();
  }

  /** Ends it; what waits is kept, and sent when the spec is opened again. */
  dispose(): void {
    this.stops.forEach(stop => stop());
    this.loader.close();
    this.own?.close();
  }

  /** Whether something is on its way to the server. */
  get isBusy(): boolean {
    return this.own?.isBusy ?? false;
  }

  get all(): readonly ShownThread[] {
    this.show();
    return this.list.all;
  }

  find(threadId: string): ShownThread | null {
    this.show();
    return this.list.find(threadId);
  }

  get isReady(): boolean {
    return this.set.version !== null;
  }

  get error(): SpecError | null {
    return this.failure;
  }

  retryLoading(): void {
    this.failure = null;
    this.loader.askNow();
    this.changed.tell('threads');
  }

  get role(): Role | null {
    return this.knownRole;
  }

  get me(): string {
    return this.own?.me.userId ?? '';
  }

  get selected(): string | null {
    return this.chosen;
  }

  select(threadId: string | null): void {
    if (threadId !== this.chosen) {
      this.chosen = threadId;
      this.selectedChanged.tell();
    }
  }

  get unreadMentions(): readonly string[] {
    const { me } = this;
    return this.all
      .filter(({ thread }) => mentions(thread, me))
      .map(({ thread }) => thread.threadId);
  }

  comment(range: TextRange, body: string): Opened {
    return this.open('comment', range, body, null);
  }

  suggest(range: TextRange, replacement: string, body = ''): Opened {
    return this.open('suggestion', range, body, replacement);
  }

  reply(threadId: string, body: string): Promise<void> {
    const messageId = this.options.environment.uuid();
    return this.call({ kind: 'reply', threadId, messageId, body });
  }

  edit(threadId: string, messageId: string, body: string): Promise<void> {
    return this.call({ kind: 'edit', threadId, messageId, body });
  }

  removeMessage(threadId: string, messageId: string): Promise<void> {
    return this.call({ kind: 'removeMessage', threadId, messageId });
  }

  remove(threadId: string): Promise<void> {
    return this.own?.withdraw(threadId)
      ? Promise.resolve()
      : this.call({ kind: 'remove', threadId });
  }

  setState(threadId: string, state: ChosenState): Promise<void> {
    return this.call({ kind: 'state', threadId, state });
  }

  accept(threadId: string): Promise<void> {
    return this.requests.accept(threadId);
  }

  get refused(): readonly RefusedText[] {
    const { threads } = this.set;
    return this.own?.refused.map(({ call, error }) => refusedText(call, error, threads)) ?? [];
  }

  retry(callId: string): void {
    this.own?.retry(callId);
  }

  discard(callId: string): void {
    this.own?.discard(callId);
  }

  async load(threadId: string): Promise<ShownThread | null> {
    if (!this.find(threadId)) {
      await this.requests.load(threadId);
    }
    return this.find(threadId);
  }

  get hasMoreClosed(): boolean {
    return this.requests.hasMoreClosed;
  }

  loadClosed(): Promise<void> {
    return this.requests.loadClosed();
  }

  get drafts(): MessageDrafts {
    return this.own?.drafts ?? this.noDrafts;
  }

  /** Brings the list up to date, if it is not. It costs nothing while neither threads nor text change. */
  private show(): void {
    const { replica } = this.options.connection;
    if (!replica || (this.told && this.shownOf === replica)) {
      return;
    }
    this.told ??= toldThreads(
      this.set.threads,
      this.own?.waiting ?? [],
      this.own?.me ?? { userId: '', userName: '' }
    );
    this.list.show(this.told, this.places(replica), replica.text);
    this.shownOf = replica;
  }

  private places(replica: Replica): ReadonlyMap<string, Anchor> {
    const places = new Map(this.board.shown(replica));
    for (const { threadId, range } of this.own?.unplaced ?? []) {
      places.set(threadId, { ...range, letters: null });
    }
    return places;
  }

  private open(
    kind: 'comment' | 'suggestion',
    { start, end }: TextRange,
    body: string,
    replacement: string | null
  ): Opened {
    const { document } = this.options.connection;
    const range = { start: document.codePointOf(start), end: document.codePointOf(end) };
    const threadId = this.options.environment.uuid();
    const quoted = quotedAt(range, document);
    const call = { kind, threadId, range, place: null, ...quoted, body, replacement };
    return { threadId, sent: this.call(call) };
  }

  private call(body: Body<ThreadCall>): Promise<void> {
    const { environment, trans } = this.options;
    const call = { ...body, callId: environment.uuid(), at: environment.date() } as ThreadCall;
    if (this.own) {
      return this.own.add(call);
    }
    const error = new SpecError(
      'NOT_JOINED',
      trans.__('The spec is not open yet. Wait a moment, then try again.')
    );
    const refused = Promise.reject<void>(error);
    refused.catch(() => undefined);
    return refused;
  }

  private textChanged(change: Change): void {
    this.own?.textChanged(change);
    if (this.own?.unplaced.length) {
      this.shownOf = null; // the replica has had this change before
    }
    this.changed.tell('places');
  }

  private heard(news: ThreadNews): void {
    if (news.kind === 'changed') {
      this.took(this.set.change(news.change));
    } else if (news.threadsVersion !== null) {
      if ((this.set.version ?? 0) > news.threadsVersion) {
        this.startAnew(); // the server lost some of its threads
      }
      this.set.hear(news.threadsVersion);
      this.follow();
      this.own?.joined();
      this.loader.askNow();
    }
    this.loader.ask();
  }

  /** The connection's state changed. */
  private follow(): void {
    const { connection } = this.options;
    const { replica, state } = connection;
    if (!replica) {
      return;
    }
    if (this.epoch !== replica.epoch) {
      const isOther = this.epoch !== null;
      this.epoch = replica.epoch;
      if (isOther) {
        this.startAnew();
      }
    }
    this.board.followWithin(replica, MOST_BEHIND);
    this.meet(state);
    this.own?.stateChanged();
    this.loader.ask();
    if (this.knownRole !== state.role) {
      this.knownRole = state.role;
      this.changed.tell('threads');
    }
  }

  /** The page's user is known, or another one. */
  private meet({ me }: SpecConnection['state']): void {
    if (me && me.userId !== '' && me.userId !== this.own?.me.userId) {
      this.own?.close();
      this.own = new OwnCalls(this.options, me, () => this.board, {
        done: ({ threadId }, thread) => {
          if (thread !== undefined) {
            this.took(thread ? this.set.take([thread]) : this.set.take([], [threadId]));
          }
        },
        changed: () => this.tellThreads()
      });
      this.tellThreads();
    }
  }

  /** Forgets what the server told: it has another history now, or has lost some of it. */
  private startAnew(): void {
    this.set = new ThreadSet();
    this.board = new AnchorBoard();
    this.requests.restart();
    this.own?.placeAll();
    this.loader.restart();
    this.tellThreads();
  }

  private needed(): ThreadQuery | null {
    const { connection } = this.options;
    const { status } = connection.state;
    if (!connection.replica || (status !== 'synchronised' && status !== 'saving')) {
      return null;
    }
    const isOpen = (threadId: string) => this.set.threads.get(threadId)?.state === 'open';
    if (this.set.version === null || [...this.board.missing].some(isOpen)) {
      return { state: 'open' };
    }
    return this.set.isBehind ? { since: this.set.version } : null;
  }

  private loaded({ threads, deleted, threadsVersion }: ThreadPage, { since }: ThreadQuery): void {
    const { replica } = this.options.connection;
    this.failure = null;
    this.took(
      since === undefined
        ? this.set.takeOpen(threads, threadsVersion)
        : this.set.takeChanges(threads, deleted, threadsVersion)
    );
    for (const { threadId, anchor, quote } of threads) {
      if (replica && this.board.missing.has(threadId)) {
        this.board.take(threadId, anchor, quote, replica);
      }
    }
    this.tellThreads();
  }

  private took({ threads, gone }: ThreadsTaken): void {
    const { replica } = this.options.connection;
    threads.forEach((thread: Thread) => {
      if (replica) {
        this.board.take(thread.threadId, thread.anchor, thread.quote, replica);
      }
      this.own?.met(thread);
    });
    gone.forEach(threadId => {
      this.board.remove(threadId);
      if (threadId === this.chosen) {
        this.select(null);
      }
    });
    if (threads.length > 0 || gone.length > 0) {
      this.tellThreads();
    }
  }

  private tellThreads(): void {
    this.told = null;
    this.changed.tell('threads');
  }
}
