import type { Thread, ThreadMessage } from '../../src/server/threads';
import type { ShownThread } from '../../src/threads/specThreads';

let count = 0;

export function message(body: string, more: Partial<ThreadMessage> = {}): ThreadMessage {
  const messageId = `m${++count}`;
  const createdAt = '2026-01-05T10:00:00Z';
  return { messageId, userId: 'ada', userName: 'Ada', body, createdAt, mentions: [], ...more };
}

/** A comment by Ada on “the words”. */
export function thread(threadId: string, more: Partial<Thread> = {}): Thread {
  return {
    threadId,
    kind: 'comment',
    state: 'open',
    anchor: { start: 0, end: 9, version: 1, orphaned: false },
    quote: 'the words',
    prefix: '',
    suffix: '',
    createdBy: 'ada',
    createdByName: 'Ada',
    createdAt: '2026-01-05T10:00:00Z',
    messages: [message('Why?', { messageId: threadId })],
    changed: 1,
    ...more
  };
}

export function shown(
  threadId: string,
  more: Partial<Thread> = {},
  rest: Partial<ShownThread> = {}
): ShownThread {
  return {
    thread: thread(threadId, more),
    range: { start: 0, end: 9 },
    isOrphaned: false,
    isPending: false,
    pendingMessages: [],
    ...rest
  };
}
