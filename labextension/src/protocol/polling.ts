import { encodeFrame, MalformedFrame } from './codec';
import { openEnvelope, readJoined, type Refusal } from './envelope';
import { EventFetcher, type EventFetcherOptions } from './eventFetcher';
import type { ClientEvent, JoinRequest } from './messages';
import type { Answer, Request } from './requests';
import { RequestRunner } from './retriedRequest';
import {
  CLOSED_BY_NETWORK,
  type OpenTransport,
  type Transport,
  type TransportListener
} from './transport';

/** Milliseconds within which a request with events has to be answered. */
const ANSWER_WITHIN = 10_000;
/** The same for a join, whose response may hold a long text. */
const JOIN_WITHIN = 30_000;
/** Milliseconds between two joins. */
const JOIN_PAUSE = 1_000;
/** The size limit of a body in bytes, until the server has told its own. */
const BODY_BYTES = 65_536;

/** The close codes with which the server would have closed a WebSocket, by error code. */
const CLOSE_CODES: Readonly<Record<string, number>> = {
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
  /** Calls back when the page is closed or left; returns a function that ends the subscription. */
  onPageHide(callback: () => void): () => void;
}

interface Unsent {
  readonly frame: string;
  readonly isEdit: boolean;
}

/**
 * A transport over HTTP requests, for networks without WebSockets; section 4 of the protocol.
 *
 * One request at a time sends events, in order, and another one fetches them. Both are repeated unchanged if
 * their response is lost: the server recognises operations by their ids, and its events are numbered.
 *
 * Law (`polling.laws.test.ts`): even if requests are lost, doubled or late, events arrive once and in order, or
 * the transport closes.
 */
export function pollingTransport(options: PollingOptions): OpenTransport {
  return listener => new PollingTransport(options, listener);
}

class PollingTransport implements Transport {
  readonly name = 'polling';
  readonly obstacle = null;
  private readonly sender: RequestRunner;
  private readonly fetcher: EventFetcher;
  /** The path of the session after the join. */
  private session: string | null = null;
  private joinedAt = -Infinity;
  /** Frames that the server has not acknowledged, in order. */
  private unsent: Unsent[] = [];
  private bodyBytes = BODY_BYTES;
  private isClosed = false;
  private cancelTimer: (() => void) | null = null;
  private readonly stopHiding: () => void;

  constructor(
    private readonly options: PollingOptions,
    private readonly listener: TransportListener
  ) {
    this.sender = new RequestRunner(options.ask, options.clock);
    this.fetcher = new EventFetcher(options, {
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
    this.sender.run({
      request: { method: 'POST', path: '/session', body: JSON.stringify(data) },
      within: JOIN_WITHIN,
      isSingle: true,
      answered: answer =>
        this.read(answer, joined => {
          const events = readJoined(joined);
          const welcome = events.find(event => event.event === 'session_joined');
          if (!welcome) {
            throw new MalformedFrame('The response to a join has the wrong form.');
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
    this.fetcher.start(this.session);
    this.post();
  }

  /** Leaves the session without waiting for the response. */
  private leave(): void {
    if (this.session) {
      this.options.ask(
        { method: 'DELETE', path: this.session, outlivesPage: true },
        () => undefined
      );
    }
    this.reset();
  }

  /** Leaves the session when the page is closed, or sends unsent edits if there are any. */
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
    if (!this.session || this.sender.isBusy || this.unsent.length === 0) {
      return;
    }
    const { text, count } = this.body();
    this.sender.run({
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

  /** As many unsent frames as fit in one body, but at least one. */
  private body(): { text: string; count: number } {
    let bytes = 1;
    const frames = this.unsent.map(({ frame }) => frame);
    const next = frames.findIndex(frame => (bytes += byteLength(frame) + 1) > this.bodyBytes);
    const count = next < 0 ? frames.length : Math.max(1, next);
    return { text: `[${frames.slice(0, count).join(',')}]`, count };
  }

  /** Calls `use` with the data of a response; handles one that is an error. */
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
      const wait = this.joinedAt + JOIN_PAUSE - this.options.clock.now();
      this.later(Math.max(0, wait), () => this.listener.opened());
      return;
    }
    if (code !== 'NOT_JOINED') {
      this.listener.received([{ event: 'error', data: { code, message } }]);
    }
    this.end(
      code === 'NOT_JOINED' ? TAKEN_OVER : (CLOSE_CODES[code] ?? CLOSED_BY_NETWORK),
      message
    );
  }

  private end(code: number, reason: string): void {
    if (!this.isClosed) {
      this.close();
      this.listener.closed(code, reason);
    }
  }

  /** Drops the session with its requests and unsent frames. */
  private reset(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
    this.sender.stop();
    this.fetcher.stop();
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
