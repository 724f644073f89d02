import type { Role } from '../../src/protocol';
import { Listeners } from '../../src/runtime';
import type { SpecError } from '../../src/server/error';
import type { Thread, ThreadMessage } from '../../src/server/threads';
import { MessageDrafts } from '../../src/threads/messageDrafts';
import type {
  ChosenState,
  Opened,
  RefusedText,
  ShownThread,
  SpecThreads,
  TextRange
} from '../../src/threads/specThreads';
import { message, shown } from './threads';

/** The threads of a spec in memory, as if the server answered at once. */
export class MemoryThreads implements SpecThreads {
  readonly changed = new Listeners<'threads' | 'places'>();
  readonly selectedChanged = new Listeners<void>();
  readonly drafts = new MessageDrafts(new MemoryStorage(), 'test');
  role: Role | null = 'contributor';
  me = 'me';
  isReady = true;
  error: SpecError | null = null;
  selected: string | null = null;
  refused: readonly RefusedText[] = [];
  hasMoreClosed = false;
  /** What the next call is refused with. */
  refusal: SpecError | null = null;
  /** Closed threads that {@link loadClosed} brings. */
  closed: readonly ShownThread[] = [];
  private list: readonly ShownThread[];
  private count = 0;

  constructor(all: readonly ShownThread[] = []) {
    this.list = all;
  }

  get all(): readonly ShownThread[] {
    return this.list;
  }

  set all(all: readonly ShownThread[]) {
    this.list = all;
    this.changed.tell('threads');
  }

  find(threadId: string): ShownThread | null {
    return this.list.find(({ thread }) => thread.threadId === threadId) ?? null;
  }

  retryLoading(): void {
    this.error = null;
    this.changed.tell('threads');
  }

  select(threadId: string | null): void {
    if (threadId !== this.selected) {
      this.selected = threadId;
      this.selectedChanged.tell();
    }
  }

  get unreadMentions(): readonly string[] {
    return this.list.flatMap(({ thread: { threadId, state, messages } }) => {
      const last = messages.findLastIndex(({ mentions }) => mentions.includes(this.me));
      const own = messages.findLastIndex(({ userId }) => userId === this.me);
      return state === 'open' && last > own ? threadId : [];
    });
  }

  comment(range: TextRange, body: string): Opened {
    return this.open({ kind: 'comment', messages: [this.own(body)] }, range);
  }

  suggest(range: TextRange, replacement: string, body = ''): Opened {
    return this.open({ kind: 'suggestion', replacement, messages: [this.own(body)] }, range);
  }

  reply(threadId: string, body: string): Promise<void> {
    return this.change(threadId, thread => ({
      ...thread,
      state: thread.state === 'resolved' ? 'open' : thread.state,
      messages: [...thread.messages, this.own(body)]
    }));
  }

  edit(threadId: string, messageId: string, body: string): Promise<void> {
    return this.changeMessage(threadId, messageId, { body, editedAt: '2026-01-06T10:00:00Z' });
  }

  removeMessage(threadId: string, messageId: string): Promise<void> {
    return this.changeMessage(threadId, messageId, { body: '', deleted: true, mentions: [] });
  }

  async remove(threadId: string): Promise<void> {
    this.answer();
    this.all = this.list.filter(({ thread }) => thread.threadId !== threadId);
  }

  setState(threadId: string, state: ChosenState): Promise<void> {
    return this.close(threadId, state);
  }

  accept(threadId: string): Promise<void> {
    return this.close(threadId, 'accepted');
  }

  retry(callId: string): void {
    this.discard(callId);
  }

  discard(callId: string): void {
    this.refused = this.refused.filter(each => each.callId !== callId);
    this.changed.tell('threads');
  }

  async load(threadId: string): Promise<ShownThread | null> {
    const found = this.closed.find(({ thread }) => thread.threadId === threadId);
    if (found) {
      this.all = [...this.list, found];
    }
    return this.find(threadId);
  }

  async loadClosed(): Promise<void> {
    this.hasMoreClosed = false;
    this.all = [...this.list, ...this.closed];
  }

  private open(thread: Partial<Thread>, range: TextRange): Opened {
    const threadId = `new${++this.count}`;
    const mine = { createdBy: this.me, createdByName: 'Me', ...thread };
    this.all = [...this.list, shown(threadId, mine, { range })];
    return { threadId, sent: Promise.resolve() };
  }

  private own(body: string): ThreadMessage {
    return message(body, { userId: this.me, userName: 'Me' });
  }

  private changeMessage(
    threadId: string,
    messageId: string,
    change: Partial<ThreadMessage>
  ): Promise<void> {
    return this.change(threadId, thread => ({
      ...thread,
      messages: thread.messages.map(each =>
        each.messageId === messageId ? { ...each, ...change } : each
      )
    }));
  }

  private close(threadId: string, state: Thread['state']): Promise<void> {
    const isOpen = state === 'open';
    return this.change(threadId, thread => ({
      ...thread,
      state,
      resolvedBy: isOpen ? null : this.me,
      resolvedByName: isOpen ? null : 'Me',
      resolvedAt: isOpen ? null : '2026-01-06T10:00:00Z'
    }));
  }

  private async change(threadId: string, change: (thread: Thread) => Thread): Promise<void> {
    this.answer();
    this.all = this.list.map(each =>
      each.thread.threadId === threadId ? { ...each, thread: change(each.thread) } : each
    );
  }

  private answer(): void {
    const { refusal } = this;
    this.refusal = null;
    if (refusal) {
      throw refusal;
    }
  }
}

/** A storage like the browser's. */
export class MemoryStorage {
  private readonly items = new Map<string, string>();

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }

  removeItem(key: string): void {
    this.items.delete(key);
  }
}
