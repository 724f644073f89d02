import type { Environment } from '../runtime';
import { type Message, ownMessage } from './notices';

/** Why the server has not taken edits, or not given the text, for a while; `since` in milliseconds since 1970. */
export interface Trouble extends Message {
  readonly since: number;
}

/** Nothing came back. The server itself never sends this code. */
const NO_ANSWER = ownMessage('NO_ANSWER');

/** Milliseconds for which refusals that only ask to wait are not worth a word. */
const REFUSED_FOR = 4_000;
/** Milliseconds for which a missing answer is not. */
const SILENT_FOR = 8_000;
/** Refusals that last long, so that the user is told at once. */
const LASTING: readonly string[] = ['QUOTA_EXCEEDED'];

/**
 * Watches the wait for an answer to one kind of request, and says when the user has to be told about it.
 *
 * Law (`refusals.test.ts`): a request that gets no answer, or only refusals that ask to wait, is told of within
 * 10 s, once; a shorter wait is not. It waits since it was sent first, however often the connection was lost.
 */
export class TroubleWatch {
  /** When the request that waits was sent first, as a date. */
  private since: number | null = null;
  /** When it was sent first on this connection, on the clock. */
  private begun: number | null = null;
  private cause: Message | null = null;
  private told: Trouble | null = null;
  private cancel: (() => void) | null = null;

  /** Calls `changed` when {@link current} changes without an event of the server. */
  constructor(
    private readonly environment: Environment,
    private readonly changed: () => void
  ) {}

  get current(): Trouble | null {
    return this.told;
  }

  /** The request was sent, for the first time or again. */
  sent(): void {
    if (this.begun === null) {
      this.since ??= this.environment.date();
      this.begun = this.environment.now();
      this.wait();
    }
  }

  /** The server refused it, and it will be sent again. */
  refused({ code, message }: Message): void {
    this.sent();
    if (this.cause?.code !== code || this.cause.message !== message) {
      this.cause = { code, message };
      this.wait();
    }
  }

  /** The server took the request, or nobody waits for its answer any more. */
  settled(): void {
    this.interrupted();
    this.since = null;
  }

  /** The connection is gone; the request may be sent again on another. */
  interrupted(): void {
    this.cancel?.();
    this.cancel = this.begun = this.cause = this.told = null;
  }

  private wait(): void {
    const { begun, since, cause, environment } = this;
    this.cancel?.();
    this.cancel = null;
    if (begun === null || since === null) {
      return;
    }
    const patience = cause === null ? SILENT_FOR : LASTING.includes(cause.code) ? 0 : REFUSED_FOR;
    const left = this.told ? 0 : begun + patience - environment.now();
    if (left <= 0) {
      this.told = { ...(cause ?? NO_ANSWER), since };
    } else {
      this.cancel = environment.after(left, () => {
        this.wait();
        this.changed();
      });
    }
  }
}
