import type { Thread } from '../server/threads';
import type { Anchor, Text } from '../text';
import { after, pendingMessage, type Person, type ThreadCall } from './calls';
import type { ShownThread } from './specThreads';

/** A thread with what the user did and the server has not confirmed. */
export type ToldThread = Pick<ShownThread, 'thread' | 'isPending' | 'pendingMessages'>;

const NONE: readonly string[] = [];

/** The server's threads after the calls that wait, by id. Those without calls are as they were. */
export function toldThreads(
  threads: ReadonlyMap<string, Thread>,
  waiting: readonly ThreadCall[],
  me: Person
): ReadonlyMap<string, ToldThread> {
  const told = new Map<string, ToldThread>();
  threads.forEach((thread, threadId) =>
    told.set(threadId, { thread, isPending: false, pendingMessages: NONE })
  );
  for (const call of waiting) {
    const before = told.get(call.threadId);
    const thread = after(call, before?.thread ?? null, me);
    if (thread) {
      const message = pendingMessage(call);
      const pending = before?.pendingMessages ?? NONE;
      told.set(call.threadId, {
        thread,
        isPending: !threads.has(call.threadId),
        pendingMessages: message === null ? pending : [...new Set([...pending, message])]
      });
    } else {
      told.delete(call.threadId);
    }
  }
  return told;
}

/** The list of threads as it is shown, which keeps what has not changed. */
export class ShownList {
  private threads: readonly ShownThread[] = [];
  private byId: ReadonlyMap<string, ShownThread> = new Map();

  get all(): readonly ShownThread[] {
    return this.threads;
  }

  find(threadId: string): ShownThread | null {
    return this.byId.get(threadId) ?? null;
  }

  /** The threads are these now, at these places of the text; in the order of the text, those without a place last. */
  show(
    told: ReadonlyMap<string, ToldThread>,
    places: ReadonlyMap<string, Anchor>,
    text: Text
  ): void {
    const indexOf = text.length === text.utf16Length ? (at: number) => at : text.utf16Of.bind(text);
    const byId = new Map<string, ShownThread>();
    told.forEach((each, threadId) => {
      const place = places.get(threadId);
      const start = place ? indexOf(place.start) : -1;
      const end = place ? indexOf(place.end) : -1;
      const isOrphaned = place ? place.letters !== null : each.thread.anchor.orphaned;
      const before = this.byId.get(threadId);
      const isSame = before && isTold(before, each) && isAt(before, start, end, isOrphaned);
      byId.set(threadId, isSame ? before : shownAt(each, start, end, isOrphaned));
    });
    this.byId = byId;
    // What was in order mostly still is: sorting that costs as much as looking at it.
    const before = this.threads.flatMap(({ thread: { threadId } }) => byId.get(threadId) ?? []);
    const added = before.length < byId.size ? [...byId.values()] : before;
    this.threads = sameItems(this.threads, [...added].sort(byPlace));
  }
}

/** A range that begins at -1 is none. */
function shownAt(told: ToldThread, start: number, end: number, isOrphaned: boolean): ShownThread {
  const { thread, isPending, pendingMessages } = told;
  const range = start < 0 ? null : { start, end };
  return { thread, range, isOrphaned, isPending, pendingMessages };
}

function isAt(before: ShownThread, start: number, end: number, isOrphaned: boolean): boolean {
  const { range } = before;
  const isThere = range ? range.start === start && range.end === end : start < 0;
  return isThere && before.isOrphaned === isOrphaned;
}

function isTold(before: ShownThread, told: ToldThread): boolean {
  return (
    before.thread === told.thread &&
    before.isPending === told.isPending &&
    (before.pendingMessages === told.pendingMessages ||
      before.pendingMessages.join() === told.pendingMessages.join())
  );
}

function sameItems(
  before: readonly ShownThread[],
  next: readonly ShownThread[]
): readonly ShownThread[] {
  const isSame =
    before.length === next.length && before.every((each, index) => each === next[index]);
  return isSame ? before : next;
}

function byPlace(one: ShownThread, other: ShownThread): number {
  return (
    (one.range?.start ?? Infinity) - (other.range?.start ?? Infinity) ||
    (one.range?.end ?? Infinity) - (other.range?.end ?? Infinity) ||
    compared(one.thread.createdAt, other.thread.createdAt) ||
    compared(one.thread.threadId, other.thread.threadId)
  );
}

function compared(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Whether an open thread mentions somebody who has not answered since. */
export function mentions({ state, messages }: Thread, userId: string): boolean {
  const answered = messages.findLastIndex(message => message.userId === userId);
  return (
    state === 'open' &&
    messages.slice(answered + 1).some(message => message.mentions.includes(userId))
  );
}
