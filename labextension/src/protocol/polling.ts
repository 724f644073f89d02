import type { Clock } from './clock';
import { encodeFrame, MalformedFrame } from './codec';
import { openEnvelope, readFetched, readJoined, type Refusal } from './envelope';
import { Runner } from './errand';
import type { ClientEvent, JoinRequest } from './messages';
import type { Answer, Ask, Request } from './requests';
import {
  CLOSED_BY_NETWORK,
  type OpenTransport,
  type Transport,
  type TransportListener
} from './transport';
import type { Waits } from './waits';

/** Milliseconds within which a request has to be answered, beyond what it waits on purpose. */
const ANSWER_WITHIN = 10_000;
/** The same for joining, whose answer may be a long text. */
const JOIN_WITHIN = 30_000;
/** Milliseconds between two fetches that may not wait, and between two joins. */
const BREATH = 1_000;
/** Milliseconds from which on a fetch that fails may have been cut for its length. */
const CUT_AFTER = 2_000;
/** What a body may take where the server hasn't said yet, in bytes. */
const BODY_BYTES = 65_536;

/** What a refusal would have closed a WebSocket with. */
const CLOSES: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 4401,
  TOKEN_EXPIRED: 4401,
  FORBIDDEN: 4403,
  SPEC_NOT_FOUND: 4404,
  TOO_MANY_SESSIONS: 4429,
  SPEC_FULL: 4429,
  OPERATION_TOO_LARGE: 1009
};
const TAKEN_OVER = 4409;

export interface PollingOptions {
  /** Makes requests to addresses below the spec's. */
  readonly ask: Ask;
  readonly clock: Clock;
  readonly waits: Waits;
  /** Calls back where the page goes away; returns what ends that. */
  onPageHide(callback: () => void): () => void;
}

/**
 * A transport over plain requests, for networks that let no WebSocket through: section 4 of the protocol.
 *
 * One request at a time brings what is to be sent, in order, and one fetches what there is. Both are
 * repeated as they were when their answer is lost: the server knows operations by their ids, and events are
 * numbered. Law (`polling.test.ts`): whatever is lost, doubled or late, events arrive once and in order, or
 * the transport closes.
 */
export function pollingTransport(options: PollingOptions): OpenTransport {
  return listener => new PollingTransport(options, listener);
}

class PollingTransport implements Transport {
  readonly name = 'polling';
  readonly obstacle = null;
  private readonly up: Runner;
  private readonly down: Runner;
  /** The address of the session, once it is joined. */
  private session: string | null = null;
  private joinedAt = -Infinity;
  private seq = 0;
  /** Frames that the server has not confirmed, in order. */
  private unsent: string[] = [];
  /** Seconds that the present fetch may wait. */
  private waiting = 0;
  private bodyBytes = BODY_BYTES;
  private isClosed = false;
  private cancelTimer: (() => void) | null = null;
  private readonly stopHiding: () => void;

  constructor(
    private readonly options: PollingOptions,
    private readonly listener: TransportListener
  ) {
    this.up = new Runner(options.ask, options.clock);
    this.down = new Runner(options.ask, options.clock);
    this.stopHiding = options.onPageHide(() => this.hide());
    this.later(0, () => this.listener.opened());
  }

  send(events: readonly ClientEvent[]): void {
    for (const event of events) {
      if (this.isClosed) {
        return;
      }
      switch (event.event) {
        case 'join_session':
          this.join(event.data);
          break;
        case 'leave_session':
          this.leave();
          break;
        default:
          this.unsent.push(encodeFrame(event));
      }
    }
    this.post();
  }

  close(): void {
    this.isClosed = true;
    this.stopHiding();
    this.reset();
  }

  private join(data: JoinRequest): void {
    this.reset();
    this.joinedAt = this.options.clock.now();
    this.up.run({
      request: { method: 'POST', path: '/session', body: JSON.stringify(data) },
      within: JOIN_WITHIN,
      isSingle: true,
      answered: answer =>
        this.read(answer, joined => {
          const events = readJoined(joined);
          const welcome = events.find(event => event.event === 'session_joined');
          if (!welcome) {
            throw new MalformedFrame('The join was answered with something else.');
          }
          this.joined(welcome.data.sessionId, welcome.data.limits.frameBytes);
          this.listener.received(events);
        }),
      failed: reason => this.end(CLOSED_BY_NETWORK, reason)
    });
  }

  private joined(sessionId: string, frameBytes: number | undefined): void {
    this.session = `/session/${encodeURIComponent(sessionId)}`;
    this.seq = 0;
    this.bodyBytes = frameBytes ?? BODY_BYTES;
    this.fetch();
    this.post();
  }

  /** Leaves the session, without waiting for the answer. */
  private leave(): void {
    if (this.session) {
      this.options.ask(
        { method: 'DELETE', path: this.session, outlivesPage: true },
        () => undefined
      );
    }
    this.reset();
  }

  /** The page goes away: the session ends, unless there is something that only it can bring. */
  private hide(): void {
    const body = this.unsent.length ? this.body() : null;
    if (body && this.session) {
      const request = this.posting(body.text);
      this.options.ask({ ...request, outlivesPage: true }, () => undefined);
    } else {
      this.leave();
    }
  }

  private posting(body: string): Request {
    return { method: 'POST', path: `${this.session}/events`, body };
  }

  private post(): void {
    if (!this.session || this.up.isBusy || this.unsent.length === 0) {
      return;
    }
    const { text, count } = this.body();
    this.up.run({
      request: this.posting(text),
      within: ANSWER_WITHIN,
      answered: answer =>
        this.read(answer, () => {
          this.unsent = this.unsent.slice(count);
          this.post();
        }),
      failed: reason => this.end(CLOSED_BY_NETWORK, reason)
    });
  }

  /** As many of the unsent frames as one body takes, but one at least. */
  private body(): { text: string; count: number } {
    let bytes = 1;
    const next = this.unsent.findIndex(frame => (bytes += byteLength(frame) + 1) > this.bodyBytes);
    const count = next < 0 ? this.unsent.length : Math.max(1, next);
    return { text: `[${this.unsent.slice(0, count).join(',')}]`, count };
  }

  /** Fetches what there is, and waits for it where that is possible. */
  private fetch(): void {
    const { clock, waits } = this.options;
    this.waiting = waits.take();
    if (this.waiting === 0) {
      this.fetchNow();
      return;
    }
    const startedAt = clock.now();
    this.down.run({
      request: this.fetching(this.waiting),
      within: this.waiting * 1000 + ANSWER_WITHIN,
      isSingle: true,
      answered: answer => this.fetched(answer),
      failed: () => {
        this.giveBackWait();
        this.fetchNow(clock.now() - startedAt);
      }
    });
  }

  /** Fetches what there is; `failedAfter` milliseconds a fetch that waited has failed. */
  private fetchNow(failedAfter = 0): void {
    this.down.run({
      request: this.fetching(0),
      within: ANSWER_WITHIN,
      answered: answer => {
        if (failedAfter >= CUT_AFTER) {
          this.options.waits.cutAfter(failedAfter);
        }
        this.fetched(answer);
      },
      failed: reason => this.end(CLOSED_BY_NETWORK, reason)
    });
  }

  private fetching(wait: number): Request {
    return { method: 'GET', path: `${this.session}/events?after=${this.seq}&wait=${wait}` };
  }

  private fetched(answer: Answer): void {
    const hasWaited = this.waiting > 0;
    this.giveBackWait();
    this.read(answer, data => {
      const news = readFetched(data).filter(({ seq }) => seq > this.seq);
      if (news.some(({ seq }, index) => seq !== this.seq + 1 + index)) {
        throw new MalformedFrame('Events are missing.');
      }
      this.seq += news.length;
      // Before the events are told of, since whoever hears them may join anew.
      if (news.length || hasWaited) {
        this.fetch();
      } else {
        this.later(BREATH, () => this.fetch());
      }
      this.listener.received(news.flatMap(({ events }) => events));
    });
  }

  /** Goes on with the data of an answer, unless that is a refusal. */
  private read(answer: Answer, use: (data: unknown) => void): void {
    const envelope = openEnvelope(answer);
    if (!envelope) {
      this.end(CLOSED_BY_NETWORK, `HTTP ${answer.status}`);
    } else if (!envelope.success) {
      this.refused(envelope.refusal);
    } else {
      try {
        use(envelope.data);
      } catch (error) {
        if (!(error instanceof MalformedFrame)) {
          throw error;
        }
        this.end(CLOSED_BY_NETWORK, error.message);
      }
    }
  }

  private refused({ code, message, details }: Refusal): void {
    if (code === 'NOT_JOINED' && details.takenOver !== true) {
      this.reset();
      const wait = this.joinedAt + BREATH - this.options.clock.now();
      this.later(Math.max(0, wait), () => this.listener.opened());
      return;
    }
    if (code !== 'NOT_JOINED') {
      this.listener.received([{ event: 'error', data: { code, message } }]);
    }
    this.end(code === 'NOT_JOINED' ? TAKEN_OVER : (CLOSES[code] ?? CLOSED_BY_NETWORK), message);
  }

  private end(code: number, reason: string): void {
    if (!this.isClosed) {
      this.close();
      this.listener.closed(code, reason);
    }
  }

  /** Forgets the session, and everything that was on its way. */
  private reset(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
    this.up.stop();
    this.down.stop();
    this.giveBackWait();
    this.session = null;
    this.unsent = [];
  }

  private giveBackWait(): void {
    this.options.waits.giveBack(this.waiting);
    this.waiting = 0;
  }

  private later(delay: number, callback: () => void): void {
    this.cancelTimer?.();
    this.cancelTimer = this.options.clock.after(delay, callback);
  }
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
}

const encoder = new TextEncoder();
