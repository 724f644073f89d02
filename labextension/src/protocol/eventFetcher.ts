import type { Clock } from '../runtime/clock';
import { MalformedFrame } from './codec';
import { readFetched } from './envelope';
import type { LongPollBudget } from './longPollBudget';
import type { ServerEvent } from './messages';
import type { Answer, Ask, Request } from './requests';
import { RequestRunner } from './retriedRequest';

/** Milliseconds within which a fetch has to be answered, in addition to the time that it waits on purpose. */
const ANSWER_WITHIN = 10_000;
/** Milliseconds between two fetches that may not wait. */
const FETCH_PAUSE = 1_000;
/** A waiting fetch that fails after at least this many milliseconds may have been cut for its duration. */
const CUT_AFTER = 2_000;

export interface EventFetcherOptions {
  /** Makes requests to addresses below the spec's. */
  readonly ask: Ask;
  readonly clock: Clock;
  readonly longPolls: LongPollBudget;
}

export interface EventFetcherListener {
  /** Calls `use` with the data of a response; handles one that is an error. */
  answered(answer: Answer, use: (data: unknown) => void): void;
  received(events: readonly ServerEvent[]): void;
  failed(reason: string): void;
}

/** Fetches the events of a session. One request at a time asks for the events after the last received one. */
export class EventFetcher {
  private readonly runner: RequestRunner;
  private session = '';
  private seq = 0;
  /** Seconds that the current fetch may wait. */
  private waiting = 0;
  private cancelPause: (() => void) | null = null;

  constructor(
    private readonly options: EventFetcherOptions,
    private readonly listener: EventFetcherListener
  ) {
    this.runner = new RequestRunner(options.ask, options.clock);
  }

  /** Begins with the first event of the session at this path. */
  start(session: string): void {
    this.session = session;
    this.seq = 0;
    this.fetch();
  }

  stop(): void {
    this.cancelPause?.();
    this.cancelPause = null;
    this.runner.stop();
    this.giveBackWait();
  }

  /** Fetches the available events; waits for new ones if the budget allows it. */
  private fetch(): void {
    const { clock, longPolls } = this.options;
    this.waiting = longPolls.take();
    if (this.waiting === 0) {
      this.fetchNow();
      return;
    }
    const startedAt = clock.now();
    this.runner.run({
      request: this.request(this.waiting),
      within: this.waiting * 1000 + ANSWER_WITHIN,
      isSingle: true,
      answered: answer => this.answered(answer),
      failed: () => {
        this.giveBackWait();
        this.fetchNow(clock.now() - startedAt);
      }
    });
  }

  /** Fetches the available events after a waiting fetch has failed within `failedAfter` milliseconds, or none has. */
  private fetchNow(failedAfter = 0): void {
    this.runner.run({
      request: this.request(0),
      within: ANSWER_WITHIN,
      answered: answer => {
        if (failedAfter >= CUT_AFTER) {
          this.options.longPolls.cutAfter(failedAfter);
        }
        this.answered(answer);
      },
      failed: reason => this.listener.failed(reason)
    });
  }

  private request(wait: number): Request {
    return { method: 'GET', path: `${this.session}/events?after=${this.seq}&wait=${wait}` };
  }

  private answered(answer: Answer): void {
    const hasWaited = this.waiting > 0;
    this.giveBackWait();
    this.listener.answered(answer, data => {
      const news = readFetched(data).filter(({ seq }) => seq > this.seq);
      if (news.some(({ seq }, index) => seq !== this.seq + 1 + index)) {
        throw new MalformedFrame('Events are missing.');
      }
      this.seq += news.length;
      // The next fetch starts before the events are delivered, since their receiver may join again.
      if (news.length || hasWaited) {
        this.fetch();
      } else {
        this.cancelPause = this.options.clock.after(FETCH_PAUSE, () => this.fetch());
      }
      this.listener.received(news.flatMap(({ events }) => events));
    });
  }

  private giveBackWait(): void {
    this.options.longPolls.giveBack(this.waiting);
    this.waiting = 0;
  }
}
