import type { RateLimit } from '../protocol';
import type { Environment } from '../runtime';
import {
  type Pace,
  paceAcknowledged,
  paceLeft,
  paceRefused,
  paceSent,
  startPace,
  waitBefore
} from './pacing';

/** Milliseconds without an answer after which the operation in flight is sent once more. */
const ANSWER_WITHIN = 30_000;
/** Milliseconds to wait where the server can't reach its store and doesn't say for how long. */
export const STORE_RETRY_MS = 2_000;

/** What an outbox sends, and when it may not. */
export interface Sender {
  /** Whether a new operation is waiting and nothing stands in its way but the pace. */
  hasNext(): boolean;
  sendNext(): void;
  /** Sends the operation in flight again as it was; `false` where none is. */
  sendAgain(): boolean;
}

/** Decides when operations go: at the user's pace, and again where no answer came. */
export class Outbox {
  private pace: Pace | null = null;
  private cancelNext: (() => void) | null = null;
  private cancelAgain: (() => void) | null = null;

  constructor(
    private readonly environment: Environment,
    private readonly sender: Sender
  ) {}

  /** The server's limit, operations a minute; what was spent already is remembered while it stays. */
  limit(operationsPerMinute: number): void {
    if (this.pace?.limit !== operationsPerMinute) {
      this.pace = startPace(operationsPerMinute, this.environment.now());
    }
  }

  /** How many operations this minute has left; `null` where nobody knows, or nothing is paced. */
  get left(): number | null {
    return this.pace && paceLeft(this.pace, this.environment.now());
  }

  /** Sends what is waiting, now or when its turn comes. */
  pump(): void {
    if (this.cancelNext || !this.pace || !this.sender.hasNext()) {
      return;
    }
    const wait = waitBefore(this.pace, this.environment.now());
    if (wait > 0) {
      this.cancelNext = this.environment.after(Math.ceil(wait), () => {
        this.cancelNext = null;
        this.pump();
      });
    } else {
      this.sender.sendNext();
      this.sent();
    }
  }

  /** Sends the operation in flight again, where one is. */
  resend(): void {
    this.cancelAgain?.();
    this.cancelAgain = null;
    if (this.sender.sendAgain()) {
      this.sent();
    }
  }

  /** Does so after `delay` milliseconds. */
  again(delay: number): void {
    this.cancelAgain?.();
    this.cancelAgain = this.environment.after(Math.ceil(delay), () => this.resend());
  }

  /** The operation in flight was answered for good; `left` is what the server says of the rate. */
  answered(left?: RateLimit): void {
    this.cancelAgain?.();
    this.cancelAgain = null;
    this.pace = this.pace && paceAcknowledged(this.pace, left, this.environment.now());
  }

  /** It was refused for the rate; it goes again when the server said. */
  refusedForRate(retryAfterMs: number): void {
    this.pace = this.pace && paceRefused(this.pace, retryAfterMs, this.environment.now());
    this.again(retryAfterMs);
  }

  /** The connection is gone: nothing goes until {@link pump} or {@link again}. */
  stop(): void {
    this.cancelNext?.();
    this.cancelAgain?.();
    this.cancelNext = this.cancelAgain = null;
  }

  private sent(): void {
    this.pace = this.pace && paceSent(this.pace, this.environment.now());
    this.again(ANSWER_WITHIN);
  }
}
