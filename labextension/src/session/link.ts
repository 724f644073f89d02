import type { ClientEvent, Obstacle, OpenTransport, ServerEvent, Transport } from '../protocol';
import type { Environment } from '../runtime';
import { Countdown } from './reconnect';

/** Milliseconds between an answer and the next ping. */
const PING_EVERY = 5_000;
/** Milliseconds without any sign of life after a ping: the connection is half open, and given up. */
const PONG_WITHIN = 10_000;
/** The same where the page woke up and wants to know soon. */
const PONG_AFTER_WAKING = 3_000;
/** Milliseconds from the first try to connect to the end of joining. */
const JOIN_WITHIN = 30_000;
/** Milliseconds that a connection must hold for the next loss to count as the first. */
const HELD_AFTER = 5_000;

/** Close code for a connection that this side gave up. */
const GIVEN_UP = 1006;

export interface LinkListener {
  /** The server listens; told again where the transport has found another way to it. */
  opened(): void;
  received(event: ServerEvent): void;
  lost(code: number, reason: string): void;
  /** The countdown or the round trip has something new to show. */
  changed(): void;
}

/**
 * Keeps a connection to the server: opens it, notices when it is dead, waits and opens it again.
 *
 * Which losses are worth another try is its user's to say, by {@link retry}.
 */
export class Link {
  roundTripMs: number | null = null;
  private transport: Transport | null = null;
  private cancelTimer: (() => void) | null = null;
  private pingedAt: number | null = null;
  private receivedAt = 0;
  private heldSince: number | null = null;
  /** Whether the page has just woken up and nobody knows yet if the connection outlived its sleep. */
  private isWaking = false;
  private readonly countdown: Countdown;
  private readonly stopWaking: () => void;

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
    this.stopWaking = environment.onWake(() => this.wake());
  }

  /** What carries the events; empty while nothing does. */
  get name(): string {
    return this.transport?.name ?? '';
  }

  /** Why that isn't a WebSocket. */
  get obstacle(): Obstacle | null {
    return this.transport?.obstacle ?? null;
  }

  get attempts(): number {
    return this.countdown.attempts;
  }

  get secondsLeft(): number | null {
    return this.countdown.secondsLeft;
  }

  /** Opens a connection in place of the one that there may be. */
  open(): void {
    this.drop();
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

  /** The session was joined: from now on pings tell whether it lives. */
  joined(): void {
    this.heldSince = this.environment.now();
    this.ping(PONG_WITHIN);
  }

  /** After a loss: the next try, when it is due. */
  retry(immediately = false): void {
    this.countdown.start(immediately || this.isWaking);
    this.isWaking = false;
  }

  /** Ends the waiting for the next try. */
  retryNow(): void {
    this.countdown.skip();
  }

  /** Gives the present connection up as if the network had failed. */
  abandon(reason: string): void {
    this.lose(GIVEN_UP, reason);
  }

  /** No connection any more, and no further try. */
  close(): void {
    this.countdown.stop();
    this.drop();
  }

  /** After {@link close}, when it is not needed again. */
  dispose(): void {
    this.close();
    this.stopWaking();
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
      this.ping(PONG_AFTER_WAKING);
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
