import type { Thread, ThreadsChanged } from '../server/threads';

/** What a change or an answer made new: threads as they are now, and the ids of those that are gone. */
export interface ThreadsTaken {
  readonly threads: readonly Thread[];
  readonly gone: readonly string[];
}

/**
 * The threads that the server told of, in whatever order it did.
 *
 * Law (`threadSet.test.ts`): the same changes and answers, in any order and any number of times, make the same threads.
 */
export class ThreadSet {
  private readonly known = new Map<string, Thread>();
  private readonly gone = new Set<string>();
  /** The numbers of changes that came while one before them is missing. */
  private readonly ahead = new Set<number>();
  private complete: number | null = null;
  private newest = 0;

  get threads(): ReadonlyMap<string, Thread> {
    return this.known;
  }

  /** The `threadsVersion` up to which every change is known; `null` before the first answer. */
  get version(): number | null {
    return this.complete;
  }

  /** Whether the server has changes that are not known. */
  get isBehind(): boolean {
    return this.complete !== null && this.complete < this.newest;
  }

  /** The server's threads stand at this version. */
  hear(threadsVersion: number): void {
    this.newest = Math.max(this.newest, threadsVersion);
  }

  /** Takes the event of one change. One that holds nothing only says that there was a change. */
  change({ threadsVersion, threads, deleted }: ThreadsChanged): ThreadsTaken {
    const taken = this.take(threads, deleted);
    this.hear(threadsVersion);
    if (threads.length > 0 || deleted.length > 0) {
      this.ahead.add(threadsVersion);
      this.goOn();
    }
    return taken;
  }

  /** Takes all threads that were open at a version. Others that were taken for open then are closed, or gone. */
  takeOpen(threads: readonly Thread[], threadsVersion: number): ThreadsTaken {
    const open = new Set(threads.map(({ threadId }) => threadId));
    const closed = [...this.known.values()].filter(
      ({ threadId, state, changed }) =>
        state === 'open' && changed <= threadsVersion && !open.has(threadId)
    );
    closed.forEach(({ threadId }) => this.known.delete(threadId));
    const taken = this.take(threads);
    this.completeUpTo(threadsVersion);
    return { ...taken, gone: closed.map(({ threadId }) => threadId) };
  }

  /** Takes what changed up to a version since the one that is known, and what was deleted since. */
  takeChanges(
    threads: readonly Thread[],
    deleted: readonly string[],
    threadsVersion: number
  ): ThreadsTaken {
    const taken = this.take(threads, deleted);
    this.completeUpTo(threadsVersion);
    return taken;
  }

  /** Takes threads as the server told them at any time; what is older than what is known changes nothing. */
  take(threads: readonly Thread[], deleted: readonly string[] = []): ThreadsTaken {
    const gone = deleted.filter(threadId => this.drop(threadId));
    const newer = threads.filter(thread => this.isNews(thread));
    newer.forEach(thread => this.known.set(thread.threadId, thread));
    return { threads: newer, gone };
  }

  private isNews({ threadId, state, changed }: Thread): boolean {
    const known = this.known.get(threadId);
    // All that was open at `complete` is known: another one is a late answer about what is closed or gone.
    const isPast = !known && state === 'open' && changed <= (this.complete ?? -1);
    return !isPast && !this.gone.has(threadId) && (!known || known.changed < changed);
  }

  /** Whether it was there. An id is never given again. */
  private drop(threadId: string): boolean {
    this.gone.add(threadId);
    return this.known.delete(threadId);
  }

  /** Every change up to this version is known. */
  private completeUpTo(threadsVersion: number): void {
    this.hear(threadsVersion);
    this.complete = Math.max(this.complete ?? 0, threadsVersion);
    this.goOn();
  }

  private goOn(): void {
    if (this.complete !== null) {
      while (this.ahead.delete(this.complete + 1)) {
        this.complete += 1;
      }
      for (const version of this.ahead) {
        if (version <= this.complete) {
          this.ahead.delete(version);
        }
      }
    }
  }
}
