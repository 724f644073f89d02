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

  /** Every change up to this version is known. */
  completeUpTo(threadsVersion: number): void {
    this.hear(threadsVersion);
    this.complete = Math.max(this.complete ?? 0, threadsVersion);
    this.goOn();
  }

  /** Takes threads as the server told them at any time; what is older than what is known changes nothing. */
  take(threads: readonly Thread[], deleted: readonly string[] = []): ThreadsTaken {
    const gone = deleted.filter(threadId => this.drop(threadId));
    const newer = threads.filter(thread => {
      const known = this.known.get(thread.threadId);
      return !this.gone.has(thread.threadId) && (!known || known.changed < thread.changed);
    });
    newer.forEach(thread => this.known.set(thread.threadId, thread));
    return { threads: newer, gone };
  }

  /** Whether it was there. An id is never given again. */
  private drop(threadId: string): boolean {
    this.gone.add(threadId);
    return this.known.delete(threadId);
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
