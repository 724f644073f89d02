import { SpecError } from '../../src/server/error';
import type {
  NewThread,
  Thread,
  ThreadMessage,
  ThreadPage,
  ThreadQuery,
  ThreadsApi,
  ThreadState
} from '../../src/server/threads';
import { type Anchor, fromWire, Gaps, type Operation, type Text } from '../../src/text';
import type { NetworkPath } from '../kit/network';
import type { Server, User } from '../kit/server';

/** How many threads a page of an answer has at most. */
const PAGE = 3;

interface Kept {
  thread: Omit<Thread, 'anchor'>;
  anchor: Anchor;
}

/** The threads of the reference server, in their simplest form: every call is done at once, or refused. */
export class ThreadServer {
  version = 0;
  /** The bodies of all messages that were ever made. */
  readonly written: string[] = [];
  /** How often a call did something. */
  deeds = 0;
  private readonly threads = new Map<string, Kept>();
  private readonly gone = new Map<string, number>();

  constructor(readonly server: Server) {
    server.threads = this;
  }

  get all(): readonly Thread[] {
    return [...this.threads.values()].map(kept => this.shown(kept));
  }

  /** An older backup is restored, without any threads. */
  forget(): void {
    this.version = 0;
    this.threads.clear();
    this.gone.clear();
  }

  find(threadId: string): Thread {
    return this.shown(this.kept(threadId));
  }

  follow(operation: Operation, before: Text): void {
    for (const kept of this.threads.values()) {
      kept.anchor = new Gaps({ operation, before }).moved(kept.anchor, kept.thread.quote);
    }
  }

  list({ state = 'open', since, before }: ThreadQuery): ThreadPage {
    const isWanted = ({ changed, state: each }: Thread) =>
      (before === undefined || before === null || changed < before) &&
      (since === undefined || since === null
        ? state === 'all' || (each === 'open') === (state === 'open')
        : changed > since);
    const found = this.all.filter(isWanted).sort((one, other) => other.changed - one.changed);
    const threads = found.slice(0, PAGE);
    const deleted = [...this.gone].filter(([, changed]) => changed > (since ?? Infinity));
    return {
      threadsVersion: this.version,
      version: this.server.version,
      threads,
      deleted: deleted.map(([threadId]) => threadId),
      nextBefore: found.length > PAGE ? threads.at(-1)!.changed : null
    };
  }

  open({ userId, userName }: User, call: NewThread): Thread {
    const { threadId, kind, start, end, version, body, replacement } = call;
    if (this.gone.has(threadId)) {
      throw new SpecError('ID_REUSED', 'It was deleted.', 409);
    }
    if (this.threads.has(threadId)) {
      return this.find(threadId);
    }
    const { server } = this;
    const missed = server.since(version);
    if (!missed) {
      throw new SpecError('VERSION_CONFLICT', 'Too far behind.', 409);
    }
    const texts = textsSince(server, version);
    const quote = texts[0].text.slice(start, end);
    const anchor = texts
      .slice(1)
      .reduce<Anchor>(
        (moved, { operation }, index) =>
          new Gaps({ operation: operation!, before: texts[index].text }).moved(moved, quote),
        { start, end, letters: null }
      );
    const messages = body ? [this.message({ userId, userName }, threadId, body)] : [];
    const thread = {
      ...{ threadId, kind, state: 'open' as const, quote, prefix: '', suffix: '', messages },
      ...(replacement === undefined ? {} : { replacement }),
      ...{ createdBy: userId, createdByName: userName, createdAt: AT, changed: 0 }
    };
    this.threads.set(threadId, { thread, anchor });
    return this.change(threadId, thread);
  }

  reply(user: User, threadId: string, messageId: string, body: string): Thread {
    const { thread } = this.kept(threadId);
    if (thread.messages.some(message => message.messageId === messageId)) {
      return this.find(threadId);
    }
    const messages = [...thread.messages, this.message(user, messageId, body)];
    const state = thread.state === 'resolved' ? 'open' : thread.state;
    return this.change(threadId, { ...thread, state, messages });
  }

  edit(threadId: string, messageId: string, change: Partial<ThreadMessage>): Thread {
    const { thread } = this.kept(threadId);
    const message = thread.messages.find(each => each.messageId === messageId);
    if (!message || (message.deleted && !change.deleted)) {
      throw new SpecError('NOT_FOUND', 'There is no such message.', 404);
    }
    const messages = thread.messages.map(each =>
      each === message ? { ...each, ...change } : each
    );
    return this.change(threadId, { ...thread, messages });
  }

  setState(threadId: string, state: ThreadState): Thread {
    const { thread } = this.kept(threadId);
    return thread.state === state
      ? this.find(threadId)
      : this.change(threadId, { ...thread, state });
  }

  remove(threadId: string): void {
    this.kept(threadId);
    this.threads.delete(threadId);
    this.gone.set(threadId, ++this.version);
    this.deeds += 1;
    this.tell([], [threadId]);
  }

  /** The calls of a user over a network: they may be late, lost, or done without an answer. */
  over(wire: NetworkPath, user: User): ThreadsApi {
    const { chance } = this.server.world;
    const over = <Result>(deed: () => Result): Promise<Result> =>
      new Promise((resolve, reject) => {
        const fail = () => reject(new SpecError(SpecError.UNREACHABLE, ''));
        const later = (done: () => void) =>
          this.server.world.after(chance.between(...wire.weather.latency), done);
        const isLost = () => wire.isDown || chance.happens(wire.weather.lost ?? 0);
        later(() => {
          const isDone = !isLost();
          const [result, error] = isDone ? attempt(deed) : [null, null];
          if (isDone && chance.happens(wire.weather.duplicates ?? 0)) {
            attempt(deed);
          }
          later(() => {
            if (!isDone || isLost()) {
              fail();
            } else if (error) {
              reject(error);
            } else {
              resolve(result as Result);
            }
          });
        });
      });
    const calls = {
      list: (_: string, query: ThreadQuery = {}) => over(() => this.list(query)),
      get: (_: string, threadId: string) => over(() => this.find(threadId)),
      open: (_: string, call: NewThread) => over(() => this.open(user, call)),
      reply: (_: string, id: string, message: { messageId: string; body: string }) =>
        over(() => this.reply(user, id, message.messageId, message.body)),
      editMessage: (_: string, id: string, messageId: string, body: string) =>
        over(() => this.edit(id, messageId, { body, editedAt: AT })),
      removeMessage: (_: string, id: string, messageId: string) =>
        over(() => this.edit(id, messageId, { body: '', deleted: true, mentions: [] })),
      setState: (_: string, id: string, state: ThreadState) => over(() => this.setState(id, state)),
      remove: (_: string, id: string) => over(() => this.remove(id))
    };
    return calls as unknown as ThreadsApi;
  }

  private message({ userId, userName }: User, messageId: string, body: string): ThreadMessage {
    this.written.push(body);
    const mentions = [...body.matchAll(/@(\w+)/g)].map(([, name]) => `user-${name}`);
    return { messageId, userId, userName, body, createdAt: AT, mentions };
  }

  private change(threadId: string, thread: Omit<Thread, 'anchor'>): Thread {
    this.deeds += 1;
    this.version += 1;
    const kept = this.kept(threadId);
    kept.thread = { ...thread, changed: this.version };
    this.tell([this.shown(kept)], []);
    return this.shown(kept);
  }

  private tell(threads: readonly Thread[], deleted: readonly string[]): void {
    const data = { threadsVersion: this.version, version: this.server.version, threads, deleted };
    this.server.sessions
      .filter(({ takesThreads }) => takesThreads)
      .forEach(session => session.send({ event: 'threads_changed', data }));
  }

  private kept(threadId: string): Kept {
    const kept = this.threads.get(threadId);
    if (!kept) {
      throw new SpecError('THREAD_NOT_FOUND', 'There is no such thread.', 404);
    }
    return kept;
  }

  private shown({ thread, anchor: { start, end, letters } }: Kept): Thread {
    const { version } = this.server;
    const anchor = { start, end, version, orphaned: letters !== null, letters };
    return { ...thread, anchor };
  }
}

const AT = '2026-01-01T00:00:00Z';

function attempt<Result>(deed: () => Result): [Result | null, unknown] {
  try {
    return [deed(), null];
  } catch (error) {
    return [null, error];
  }
}

interface TextAt {
  readonly text: Text;
  /** What led to it. */
  readonly operation: Operation | null;
}

/** The texts of the server from a version on. */
function textsSince(server: Server, version: number): readonly TextAt[] {
  const begin = server.version - server.log.length;
  let text = server.start;
  const texts: TextAt[] = [{ text, operation: null }];
  for (const entry of server.log) {
    const operation = fromWire(entry.operations, text.length);
    text = text.apply(operation);
    texts.push({ text, operation });
  }
  return texts.slice(version - begin);
}
