import type { Clock } from '../runtime';
import { asSpecError, type SpecError } from '../server/error';
import type { ThreadPage, ThreadQuery, ThreadsApi } from '../server/threads';

/** Milliseconds until the server is asked again where its answer was not enough, and at most. */
const AGAIN = 1_000;
const AT_MOST = 60_000;

export interface ThreadLoaderOptions {
  readonly specId: string;
  readonly api: Pick<ThreadsApi, 'list'>;
  readonly clock: Clock;
  /** What has to be asked for; `null` for nothing. */
  needed(): ThreadQuery | null;
  /** All pages of an answer to what was asked for, as one. */
  loaded(answer: ThreadPage, query: ThreadQuery): void;
  /** The server could not be asked; it is asked again later. */
  failed(error: SpecError): void;
}

/** Asks the server for threads, one question at a time, until nothing is needed any more. */
export class ThreadLoader {
  private isAsking = false;
  private attempts = 0;
  private cancel: (() => void) | null = null;
  /** Rises when answers to earlier questions are of no use any more. */
  private turn = 0;

  constructor(private readonly options: ThreadLoaderOptions) {}

  /** Asks if something is needed and no answer is under way. */
  ask(): void {
    const query = this.isAsking || this.cancel ? null : this.options.needed();
    if (query) {
      this.isAsking = true;
      const { turn } = this;
      const isCurrent = () => turn === this.turn;
      this.pages(query).then(
        answer => isCurrent() && this.answered(answer, query),
        (error: unknown) => isCurrent() && this.failed(error)
      );
    }
  }

  /** Asks now, whatever failed before. */
  askNow(): void {
    this.attempts = 0;
    this.stopWaiting();
    this.ask();
  }

  /** Answers to earlier questions are of no use any more. */
  restart(): void {
    this.turn += 1;
    this.isAsking = false;
    this.askNow();
  }

  close(): void {
    this.turn += 1;
    this.isAsking = true;
    this.stopWaiting();
  }

  /** Threads that change between two pages are told by events, which are later than the first page. */
  private async pages(query: ThreadQuery): Promise<ThreadPage> {
    const { api, specId } = this.options;
    const first = await api.list(specId, query);
    const threads = [...first.threads];
    const deleted = [...first.deleted];
    for (let before = first.nextBefore; before !== null;) {
      const page = await api.list(specId, { ...query, before });
      threads.push(...page.threads);
      deleted.push(...page.deleted);
      before = page.nextBefore;
    }
    return { ...first, threads, deleted, nextBefore: null };
  }

  private answered(answer: ThreadPage, query: ThreadQuery): void {
    this.isAsking = false;
    this.options.loaded(answer, query);
    if (this.options.needed()) {
      this.later();
    } else {
      this.attempts = 0;
    }
  }

  private failed(error: unknown): void {
    this.isAsking = false;
    this.options.failed(asSpecError(error));
    this.later();
  }

  private later(): void {
    const delay = Math.min(AGAIN * 2 ** this.attempts, AT_MOST);
    this.attempts += 1;
    this.cancel = this.options.clock.after(delay, () => {
      this.cancel = null;
      this.ask();
    });
  }

  private stopWaiting(): void {
    this.cancel?.();
    this.cancel = null;
  }
}
