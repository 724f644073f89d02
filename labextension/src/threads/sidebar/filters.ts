import type { Thread } from '../../server/threads';
import type { ShownThread } from '../specThreads';

/** Which threads a list shows. `mine`: which I began or wrote in. `gone`: whose words are gone. */
export type ThreadFilter = 'open' | 'mine' | 'mentions' | 'resolved' | 'gone';

export const FILTERS: readonly ThreadFilter[] = ['open', 'mine', 'mentions', 'resolved', 'gone'];

/** Whether a thread is one of those that a filter leaves. `me` is the reader's userId. */
export function isShown(shown: ShownThread, filter: ThreadFilter, me: string): boolean {
  const { thread } = shown;
  if (filter === 'resolved') {
    return thread.state !== 'open';
  }
  if (thread.state !== 'open') {
    return false;
  }
  switch (filter) {
    case 'open':
      return true;
    case 'mine':
      return isMine(thread, me);
    case 'mentions':
      return thread.messages.some(({ mentions }) => mentions.includes(me));
    case 'gone':
      return shown.isOrphaned;
  }
}

/**
 * The threads that a filter leaves: open ones in the order of the text, closed ones with the one that was closed last
 * on top.
 */
export function filtered(
  all: readonly ShownThread[],
  filter: ThreadFilter,
  me: string
): readonly ShownThread[] {
  const left = all.filter(shown => isShown(shown, filter, me));
  return filter === 'resolved'
    ? [...left].sort((one, other) => closedAt(other.thread) - closedAt(one.thread))
    : left;
}

/** How many of the open threads each filter leaves. */
export function countsOf(
  all: readonly ShownThread[],
  me: string
): Readonly<Record<ThreadFilter, number>> {
  const count = (filter: ThreadFilter) => all.filter(each => isShown(each, filter, me)).length;
  return {
    open: count('open'),
    mine: count('mine'),
    mentions: count('mentions'),
    resolved: count('resolved'),
    gone: count('gone')
  };
}

/** The filter that has to be chosen for a thread to be in the list: the chosen one, where it is. */
export function filterFor(shown: ShownThread, chosen: ThreadFilter, me: string): ThreadFilter {
  if (isShown(shown, chosen, me)) {
    return chosen;
  }
  return shown.thread.state === 'open' ? 'open' : 'resolved';
}

/** The people who made open suggestions, with how many, those with the most first. */
export function suggesters(
  all: readonly ShownThread[]
): readonly { readonly userId: string; readonly userName: string; readonly count: number }[] {
  const byUser = new Map<string, { userId: string; userName: string; count: number }>();
  for (const { thread } of all) {
    if (thread.kind === 'suggestion' && thread.state === 'open') {
      const { createdBy: userId, createdByName: userName } = thread;
      const known = byUser.get(userId) ?? { userId, userName, count: 0 };
      known.count++;
      byUser.set(userId, known);
    }
  }
  return [...byUser.values()].sort((one, other) => other.count - one.count);
}

/** The thread after or before another in the order of the text, round the ends; the first or last one from none. */
export function neighbour(
  all: readonly ShownThread[],
  selected: string | null,
  direction: 1 | -1
): ShownThread | null {
  const open = all.filter(({ thread }) => thread.state === 'open');
  const at = open.findIndex(({ thread }) => thread.threadId === selected);
  const next = at < 0 ? (direction > 0 ? 0 : open.length - 1) : at + direction;
  return open[(next + open.length) % Math.max(1, open.length)] ?? null;
}

function isMine({ createdBy, messages }: Thread, me: string): boolean {
  return createdBy === me || messages.some(({ userId, deleted }) => userId === me && !deleted);
}

function closedAt({ resolvedAt, createdAt }: Thread): number {
  return Date.parse(resolvedAt ?? createdAt);
}
