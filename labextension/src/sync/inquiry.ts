import type { ClientEvent } from '../protocol';
import type { Environment } from '../runtime';
import type { Message } from './notices';
import { type Trouble, TroubleWatch } from './trouble';

/** Milliseconds within which the server has to answer a request. */
const ANSWER_WITHIN = 30_000;
/** Milliseconds to wait after an error before the request is repeated. */
const AGAIN_AFTER = 2_000;

/** What is requested: the operations since the known version, or the whole text. */
export type Wanted = 'steps' | 'content';

export interface InquiryListener {
  send(event: ClientEvent): void;
  /** The server did not answer in time. */
  stalled(): void;
}

/**
 * A request for the server's text: sent once, and repeated after an error.
 *
 * An error does not name the request that it answers. One that answers something else may therefore cause a
 * second request, whose answer holds nothing new.
 */
export class Inquiry {
  private wanted: Wanted | null = null;
  private cancelTimer: (() => void) | null = null;
  private readonly watch: TroubleWatch;

  /** `version` returns the version that the client has; `troubled` hears of changes of {@link trouble}. */
  constructor(
    private readonly environment: Environment,
    private readonly version: () => number,
    private readonly listener: InquiryListener,
    troubled: () => void
  ) {
    this.watch = new TroubleWatch(environment, troubled);
  }

  /** Why the text has not come for a while; `null` where all is well. */
  get trouble(): Trouble | null {
    return this.watch.current;
  }

  /** Whether a request is not answered yet, or waits to be repeated. */
  get isOpen(): boolean {
    return this.wanted !== null;
  }

  /** Sends a request, unless one for as much is open. */
  ask(wanted: Wanted): void {
    if (this.wanted !== wanted && this.wanted !== 'content') {
      this.send(wanted);
    }
  }

  /** Sends a request a little later, since the server can't give what is `wanted` yet. */
  askLater(wanted: Wanted): void {
    this.unschedule();
    this.wanted = wanted;
    this.cancelTimer = this.environment.after(AGAIN_AFTER, () => this.send(wanted));
  }

  /** The server sent an error, which may be the answer to the open request. */
  failed(error: Message): void {
    if (this.wanted) {
      this.watch.refused(error);
      this.askLater(this.wanted);
    }
  }

  /** An answer arrived. One without the content leaves a request for the content open. */
  answered(hasContent: boolean): void {
    if (hasContent || this.wanted === 'steps') {
      this.settled();
    }
  }

  /** No answer is expected any more. */
  settled(): void {
    this.wanted = null;
    this.unschedule();
    this.watch.settled();
  }

  private send(wanted: Wanted): void {
    this.unschedule();
    this.wanted = wanted;
    this.watch.sent();
    this.cancelTimer = this.environment.after(ANSWER_WITHIN, () => this.listener.stalled());
    const whole = wanted === 'content' ? { content: true as const } : {};
    const data = { lastKnownVersion: this.version(), ...whole };
    this.listener.send({ event: 'request_sync', data });
  }

  private unschedule(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
  }
}
