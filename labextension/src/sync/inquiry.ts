import type { ClientEvent } from '../protocol';
import type { Environment } from '../runtime';

/** Milliseconds within which the server's text has to come once it was asked for. */
const TEXT_WITHIN = 30_000;

export interface InquiryListener {
  send(event: ClientEvent): void;
  /** The server owes the answer for too long. */
  stalled(): void;
}

/** What the server was asked for and has not given yet: the steps since a version, or the whole text. */
export class Inquiry {
  private asked: 'steps' | 'content' | null = null;
  private cancelPatience: (() => void) | null = null;

  constructor(
    private readonly environment: Environment,
    private readonly listener: InquiryListener
  ) {}

  /** Asks, unless as much was asked for already. */
  ask(wanted: 'steps' | 'content', lastKnownVersion: number): void {
    if (this.asked === wanted || this.asked === 'content') {
      return;
    }
    this.settled();
    this.asked = wanted;
    this.cancelPatience = this.environment.after(TEXT_WITHIN, () => this.listener.stalled());
    const whole = wanted === 'content' ? { content: true as const } : {};
    this.listener.send({ event: 'request_sync', data: { lastKnownVersion, ...whole } });
  }

  /** It has come, or will not come any more. */
  settled(): void {
    this.asked = null;
    this.cancelPatience?.();
    this.cancelPatience = null;
  }
}
