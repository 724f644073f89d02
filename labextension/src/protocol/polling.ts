import { encodeFrame, MalformedFrame } from './codec';
import { openEnvelope, readJoined, type Refusal } from './envelope';
import { RequestRunner } from './retriedRequest';
import { EventFetcher, type EventFetcherOptions } from './eventFetcher';
import type { ClientEvent, JoinRequest } from './messages';
import type { Answer, Request } from './requests';
import {
  CLOSED_BY_NETWORK,
  type OpenTransport,
  type Transport,
  type TransportListener
} from './transport';

/** Milliseconds within which what is sent has to be answered. */
const ANSWER_WITHIN = 10_000;
/** The same for joining, whose answer may be a long text. */
const JOIN_WITHIN = 30_000;
/** Milliseconds between two joins. */
const BREATH = 1_000;
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

export interface PollingOptions extends EventFetcherOptions {
  /** Calls back where the page goes away; returns what ends that. */
  onPageHide(callback: () => void): () => void;
}

interface Unsent {
  readonly frame: string;
  readonly isEdit: boolean;
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
  private readonly up: RequestRunner;
  private readonly down: EventFetcher;
  /** The address of the session, once it is joined. */
  private session: string | null = null;
  private joinedAt = -Infinity;
  /** Frames that the server has not confirmed, in order. */
  private unsent: Unsent[] = [];
  private bodyBytes = BODY_BYTES;
  private isClosed = false;
  private cancelTimer: (() => void) | null = null;
  private readonly stopHiding: () => void;

  constructor(
    private readonly options: PollingOptions,
    private readonly listener: TransportListener
  ) {
    this.up = new RequestRunner(options.ask, options.clock);
    this.down = new EventFetcher(options, {
      answered: (answer, use) => this.read(answer, use),
      received: events => listener.received(events),
      failed: reason => this.end(CLOSED_BY_NETWORK, reason)
    });
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
          this.unsent.push({ frame: encodeFrame(event), isEdit: event.event === 'operation' });
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
    this.bodyBytes = frameBytes ?? BODY_BYTES;
    this.down.start(this.session);
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

  /** The page goes away: the session ends, unless there is an edit that only it can bring. */
  private hide(): void {
    if (this.session && this.unsent.some(({ isEdit }) => isEdit)) {
      const request = this.posting(this.body().text);
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
    const frames = this.unsent.map(({ frame }) => frame);
    const next = frames.findIndex(frame => (bytes += byteLength(frame) + 1) > this.bodyBytes);
    const count = next < 0 ? frames.length : Math.max(1, next);
    return { text: `[${frames.slice(0, count).join(',')}]`, count };
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
    this.session = null;
    this.unsent = [];
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
