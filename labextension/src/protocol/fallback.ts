import type { Clock } from '../runtime/clock';
import type { ClientEvent, ServerEvent } from './messages';
import type { SocketReachability } from './socketReachability';
import type {
  Obstacle,
  OpenTransport,
  Transport,
  TransportListener,
  TransportName
} from './transport';

/** Milliseconds from opening a WebSocket to the server's first word; later it counts as blocked. */
const SPEAK_WITHIN = 6_000;

export interface Transports {
  readonly websocket: OpenTransport;
  readonly polling: OpenTransport;
}

/**
 * A transport over a WebSocket where one gets through, and over plain requests where none does.
 *
 *                 no word                      closed
 *     WebSocket ----------> polling ----------------------> closed
 *         |                    |
 *         | closed             | a WebSocket that is tried beside it gets through
 *         v                    v
 *       closed             WebSocket (opened anew)
 *
 * Going over is a new connection to whoever uses the transport: it is told `opened` again, joins as the same
 * session, and sends again what was not acknowledged.
 */
export function fallbackTransport(
  ways: Transports,
  reachability: SocketReachability,
  clock: Clock
): OpenTransport {
  return listener => new FallbackTransport(ways, reachability, clock, listener);
}

class FallbackTransport implements Transport {
  private carrier!: Transport;
  private probe: Transport | null = null;
  private probes = 0;
  /** When the server's first word came by the present carrier. */
  private spokeAt: number | null = null;
  /** Whether a WebSocket of this very connection brought nothing. */
  private hasFailed = false;
  private cancelTimer: (() => void) | null = null;

  constructor(
    private readonly ways: Transports,
    private readonly reachability: SocketReachability,
    private readonly clock: Clock,
    private readonly listener: TransportListener
  ) {
    if (reachability.obstacle) {
      this.poll();
    } else {
      this.openSocket();
    }
  }

  get name(): TransportName {
    return this.carrier.name;
  }

  get obstacle(): Obstacle | null {
    return this.name === 'polling' ? this.reachability.obstacle : null;
  }

  send(events: readonly ClientEvent[]): void {
    this.carrier.send(events);
  }

  close(): void {
    this.stopTimer();
    this.probe?.close();
    this.carrier.close();
  }

  private openSocket(): void {
    this.carry(this.ways.websocket, (code, reason) => this.socketClosed(code, reason));
    this.later(SPEAK_WITHIN, () => this.goPolling());
  }

  private socketClosed(code: number, reason: string): void {
    if (this.spokeAt === null) {
      this.goPolling();
      return;
    }
    this.reachability.closed(code, this.clock.now() - this.spokeAt);
    if (this.reachability.obstacle) {
      this.poll();
    } else {
      this.end(code, reason);
    }
  }

  /** The WebSocket brought nothing. */
  private goPolling(): void {
    this.hasFailed = true;
    this.carrier.close();
    this.poll();
  }

  private poll(): void {
    this.stopTimer();
    this.carry(this.ways.polling, (code, reason) => {
      if (this.spokeAt === null) {
        this.reachability.unreachable();
      }
      this.end(code, reason);
    });
  }

  /** Opens what carries the events from now on. */
  private carry(open: OpenTransport, closed: TransportListener['closed']): void {
    this.spokeAt = null;
    const carrier: Transport = open({
      opened: () => carrier === this.carrier && this.listener.opened(),
      received: events => carrier === this.carrier && this.receive(events),
      closed: (code, reason) => carrier === this.carrier && closed(code, reason)
    });
    this.carrier = carrier;
  }

  private receive(events: readonly ServerEvent[]): void {
    if (this.spokeAt === null) {
      this.spokeAt = this.clock.now();
      this.stopTimer();
      if (this.name === 'polling') {
        this.pollingWorks();
      }
    }
    this.listener.received(events);
  }

  private pollingWorks(): void {
    if (this.hasFailed) {
      this.reachability.blocked();
    }
    this.probeLater();
  }

  private probeLater(): void {
    this.probe = null;
    this.later(this.reachability.probeAfter(this.probes++), () => this.tryWebSocket());
  }

  /** Opens a WebSocket beside the requests; the server's first word decides. */
  private tryWebSocket(): void {
    const probe: Transport = this.ways.websocket({
      opened: () => undefined,
      received: events => {
        if (probe === this.carrier) {
          this.receive(events);
        } else if (probe === this.probe) {
          this.heard(probe, events);
        }
      },
      closed: (code, reason) => {
        if (probe === this.carrier) {
          this.socketClosed(code, reason);
        } else if (probe === this.probe) {
          this.probeLater();
        }
      }
    });
    this.probe = probe;
    this.later(SPEAK_WITHIN, () => this.giveUp(probe));
  }

  private heard(probe: Transport, events: readonly ServerEvent[]): void {
    if (events[0]?.event !== 'connect') {
      this.giveUp(probe);
      return;
    }
    this.stopTimer();
    this.carrier.close();
    this.carrier = probe;
    this.probe = null;
    this.spokeAt = this.clock.now();
    this.reachability.opened();
    this.listener.opened();
    this.listener.received(events);
  }

  private giveUp(probe: Transport): void {
    probe.close();
    this.probeLater();
  }

  private end(code: number, reason: string): void {
    this.close();
    this.listener.closed(code, reason);
  }

  private later(delay: number, callback: () => void): void {
    this.stopTimer();
    this.cancelTimer = this.clock.after(delay, callback);
  }

  private stopTimer(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
  }
}
