import type { Clock } from '../runtime/clock';
import { MalformedFrame } from './codec';
import { readFetched } from './envelope';
import { RequestRunner } from './retriedRequest';
import type { ServerEvent } from './messages';
import type { Answer, Ask, Request } from './requests';
import type { LongPollBudget } from './longPollBudget';

/** Milliseconds within which a fetch has to be answered, beyond the time that it waits on purpose. */
const ANSWER_WITHIN = 10_000;
/** Milliseconds between two fetches that may not wait. */
const BREATH = 1_000;
/** Milliseconds from which on a fetch that fails may have been cut for its length. */
const CUT_AFTER = 2_000;

export interface EventFetcherOptions {
  /** Makes requests to addresses below the spec's. */
  readonly ask: Ask;
  readonly clock: Clock;
  readonly longPolls: LongPollBudget;
}

export interface EventFetcherListener {
  /** Calls `use` with the data of an answer that has some, and takes care of one that hasn't. */
  answered(answer: Answer, use: (data: unknown) => void): void;
  received(events: readonly ServerEvent[]): void;
  failed(reason: string): void;
}

/** Fetches a session's events, one request at a time, each asking for those behind the last that came. */
export class EventFetcher {
  private readonly runner: RequestRunner;
  private session = '';
  private seq = 0;
  /** Seconds that the present fetch may wait. */
  private waiting = 0;
  private cancelBreath: (() => void) | null = null;

  constructor(
    private readonly options: EventFetcherOptions,
    private readonly listener: EventFetcherListener
  ) {
    this.runner = new RequestRunner(options.ask, options.clock);
  }

  /** Begins with the first event of the session at this address. */
  start(session: string): void {
    this.session = session;
    this.seq = 0;
    this.fetch();
  }

  stop(): void {
    this.cancelBreath?.();
    this.cancelBreath = null;
    this.runner.stop();
    this.giveBackWait();
  }

  /** Fetches the events that there are; waits for some if the budget allows it. */
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

  /** Fetches the events that there are; `failedAfter` milliseconds a fetch that waited has failed. */
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
      // Before the events are told of, since whoever hears them may join anew.
      if (news.length || hasWaited) {
        this.fetch();
      } else {
        this.cancelBreath = this.options.clock.after(BREATH, () => this.fetch());
      }
      this.listener.received(news.flatMap(({ events }) => events));
    });
  }

  private giveBackWait(): void {
    this.options.longPolls.giveBack(this.waiting);
    this.waiting = 0;
  }
}
