import type { ClientEvent, Obstacle, OpenTransport, ServerEvent, Transport } from '../protocol';
import type { Environment } from '../runtime';
import { Countdown } from './reconnect';

/** Milliseconds between an answer and the next ping. */
const PING_EVERY = 5_000;
/** Milliseconds without an event after a ping, after which the connection is given up as half open. */
const PONG_WITHIN = 10_000;
/** The same after the page woke up. */
const PONG_AFTER_WAKING = 3_000;
/** The same after the browser said that it has no network. A server on this machine answers all the same. */
const PONG_WITHOUT_NETWORK = 1_000;
/** Milliseconds after which an attempt that has not led to anything is made anew when the page wakes. */
const ATTEMPT_IS_FRESH = 1_000;
/** Milliseconds within which a connection has to open, and then to be joined. */
const JOIN_WITHIN = 30_000;
/** Milliseconds that a session must stay joined for the backoff to begin anew. */
const HELD_AFTER = 5_000;

/** Close code for a connection that this side gave up. */
const GIVEN_UP = 1006;

export interface LinkListener {
  /** The connection is open; called again where the transport switched to another one. */
  opened(): void;
  received(event: ServerEvent): void;
  lost(code: number, reason: string): void;
  /** The countdown or the round trip time changed. */
  changed(): void;
}

/**
 * Keeps a connection to the server: opens it, detects a dead one, and opens it again after a backoff.
 *
 * The owner decides after each loss whether to call {@link retry}.
 */
export class Link {
  roundTripMs: number | null = null;
  private transport: Transport | null = null;
  private cancelTimer: (() => void) | null = null;
  private pingedAt: number | null = null;
  private receivedAt = 0;
  private heldSince: number | null = null;
  private openedAt = 0;
  /** Whether the page has just woken up and the connection has not answered since. */
  private isWaking = false;
  private readonly countdown: Countdown;
  private readonly stopListening: readonly (() => void)[];

  constructor(
    private readonly environment: Environment,
    private readonly openTransport: OpenTransport,
    private readonly listener: LinkListener
  ) {
    this.countdown = new Countdown(
      environment,
      () => listener.changed(),
      () => {
        this.open();
        listener.changed();
      }
    );
    this.stopListening = [
      environment.onWake(() => this.wake()),
      environment.onNetworkLost(() => this.checkSoon(PONG_WITHOUT_NETWORK))
    ];
  }

  /** The name of the transport; empty without a connection. */
  get name(): string {
    return this.transport?.name ?? '';
  }

  /** Why the transport isn't a WebSocket. */
  get obstacle(): Obstacle | null {
    return this.transport?.obstacle ?? null;
  }

  get attempts(): number {
    return this.countdown.attempts;
  }

  get secondsLeft(): number | null {
    return this.countdown.secondsLeft;
  }

  /** Opens a connection and closes the previous one. */
  open(): void {
    this.drop();
    this.openedAt = this.environment.now();
    let transport: Transport | null = null;
    const isCurrent = () => transport !== null && transport === this.transport;
    transport = this.openTransport({
      opened: () => isCurrent() && this.opened(),
      received: events => events.forEach(event => isCurrent() && this.receive(event)),
      closed: (code, reason) => isCurrent() && this.lose(code, reason)
    });
    this.transport = transport;
    this.awaitJoining();
  }

  send(...events: readonly ClientEvent[]): void {
    this.transport?.send(events);
  }

  /** The session was joined: from now on pings are sent. */
  joined(): void {
    this.heldSince = this.environment.now();
    this.ping(PONG_WITHIN);
  }

  /** After a loss: opens the connection again after the backoff, or at once. */
  retry(immediately = false): void {
    this.countdown.start(immediately || this.isWaking);
    this.isWaking = false;
  }

  /** Ends the wait for the next attempt. */
  retryNow(): void {
    this.countdown.skip();
  }

  /** Gives the connection up as if the network had failed. */
  abandon(reason: string): void {
    this.lose(GIVEN_UP, reason);
  }

  /** Closes the connection; no further attempt is made. */
  close(): void {
    this.countdown.stop();
    this.drop();
  }

  /** Closes the connection for good. */
  dispose(): void {
    this.close();
    this.stopListening.forEach(stop => stop());
  }

  private opened(): void {
    this.pingedAt = null;
    this.awaitJoining();
    this.listener.opened();
  }

  private awaitJoining(): void {
    this.timer(JOIN_WITHIN, () => this.lose(GIVEN_UP, 'joining took too long'));
  }

  private receive(event: ServerEvent): void {
    this.receivedAt = this.environment.now();
    this.isWaking = false;
    if (event.event === 'pong') {
      this.ponged();
    } else {
      this.listener.received(event);
    }
  }

  private ping(within: number): void {
    this.pingedAt = this.environment.now();
    this.send({ event: 'ping', data: {} });
    this.timer(within, () => this.checkLife());
  }

  private ponged(): void {
    if (this.pingedAt !== null) {
      this.roundTripMs = Math.round(this.environment.now() - this.pingedAt);
      this.pingedAt = null;
      this.pingLater();
      this.listener.changed();
    }
  }

  private pingLater(): void {
    this.timer(PING_EVERY, () => this.ping(PONG_WITHIN));
  }

  private checkLife(): void {
    if (this.pingedAt !== null && this.receivedAt > this.pingedAt) {
      this.pingLater();
    } else {
      this.lose(GIVEN_UP, 'no answer to a ping');
    }
  }

  private wake(): void {
    if (this.countdown.secondsLeft !== null) {
      this.countdown.skip();
    } else if (this.heldSince !== null) {
      this.isWaking = true;
      this.checkSoon(PONG_AFTER_WAKING);
    } else if (this.transport && this.environment.now() - this.openedAt > ATTEMPT_IS_FRESH) {
      this.open(); // what was begun without a network may never come to an end
    }
  }

  /** Gives a joined connection up that does not answer within so many milliseconds. */
  private checkSoon(within: number): void {
    if (this.heldSince !== null) {
      this.ping(within);
    }
  }

  private lose(code: number, reason: string): void {
    const held = this.heldSince !== null && this.environment.now() - this.heldSince >= HELD_AFTER;
    if (held) {
      this.countdown.reset();
    }
    this.drop();
    this.listener.lost(code, reason);
  }

  private drop(): void {
    const { transport } = this;
    this.transport = null;
    this.heldSince = this.pingedAt = null;
    this.cancelTimer?.();
    this.cancelTimer = null;
    transport?.close();
  }

  private timer(delay: number, callback: () => void): void {
    this.cancelTimer?.();
    this.cancelTimer = this.environment.after(delay, callback);
  }
}
