import type { Thread, ThreadKind, ThreadsChanged, ThreadState } from '../protocol';
import type { RestClient } from './rest';

export type {
  Thread,
  ThreadKind,
  ThreadMessage,
  ThreadsChanged,
  ThreadState,
  WireAnchor
} from '../protocol';

/** Threads, the newest change first, as they stand at `threadsVersion`. */
export interface ThreadPage extends ThreadsChanged {
  /** The `before` of the next page; `null` on the last one. */
  readonly nextBefore: number | null;
}

export interface ThreadQuery {
  readonly state?: 'open' | 'closed' | 'all';
  /** Only threads that changed after this `threadsVersion`, in any state, and the ids of those that were deleted. */
  readonly since?: number | null;
  /** Only threads whose last change is below it. */
  readonly before?: number | null;
  /** At most 200. */
  readonly limit?: number;
}

/** What to open a thread with. The range is one of the text of `version`, in code points. */
export interface NewThread {
  /** A UUID. The same call may be repeated safely with the same one; it is also the id of the first message. */
  readonly threadId: string;
  readonly kind: ThreadKind;
  readonly start: number;
  readonly end: number;
  readonly version: number;
  readonly body?: string;
  readonly replacement?: string;
}

/** REST calls about comments and suggestions. Each rejects with {@link SpecError} if the server refuses. */
export class ThreadsApi {
  constructor(private readonly rest: RestClient) {}

  list(
    specId: string,
    { state, since, before, limit }: ThreadQuery = {},
    signal?: AbortSignal
  ): Promise<ThreadPage> {
    const query = {
      ...(state ? { state } : {}),
      ...(since !== undefined && since !== null ? { since: String(since) } : {}),
      ...(before !== undefined && before !== null ? { before: String(before) } : {}),
      ...(limit ? { limit: String(limit) } : {})
    };
    return this.rest.request({ method: 'GET', path: [specId, 'threads'], query, signal });
  }

  get(specId: string, threadId: string): Promise<Thread> {
    return this.rest.request({ method: 'GET', path: [specId, 'threads', threadId] });
  }

  open(specId: string, thread: NewThread): Promise<Thread> {
    return this.rest.request({ method: 'POST', path: [specId, 'threads'], body: thread });
  }

  /** Answers in a thread; a resolved comment opens again. `messageId` is a UUID, and makes a repeat safe. */
  reply(
    specId: string,
    threadId: string,
    message: { readonly messageId: string; readonly body: string }
  ): Promise<Thread> {
    const path = [specId, 'threads', threadId, 'messages'];
    return this.rest.request({ method: 'POST', path, body: message });
  }

  editMessage(specId: string, threadId: string, messageId: string, body: string): Promise<Thread> {
    const path = [specId, 'threads', threadId, 'messages', messageId];
    return this.rest.request({ method: 'PATCH', path, body: { body } });
  }

  removeMessage(specId: string, threadId: string, messageId: string): Promise<Thread> {
    const path = [specId, 'threads', threadId, 'messages', messageId];
    return this.rest.request({ method: 'DELETE', path });
  }

  /** `accepted` makes the suggestion's edit. A state that holds already is no change. */
  setState(specId: string, threadId: string, state: ThreadState): Promise<Thread> {
    const path = [specId, 'threads', threadId];
    return this.rest.request({ method: 'PATCH', path, body: { state } });
  }

  async remove(specId: string, threadId: string): Promise<void> {
    await this.rest.request({ method: 'DELETE', path: [specId, 'threads', threadId] });
  }
}
