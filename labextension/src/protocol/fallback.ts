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

/** Milliseconds within which the first event has to arrive on a WebSocket; otherwise it counts as blocked. */
const FIRST_EVENT_WITHIN = 6_000;

export interface Transports {
  readonly websocket: OpenTransport;
  readonly polling: OpenTransport;
}

/**
 * A transport over a WebSocket that falls back to polling if no WebSocket gets through.
 *
 *                no event                      closed
 *     WebSocket ----------> polling ----------------------> closed
 *         |                    |
 *         | closed             | a WebSocket that is tried beside it gets through
 *         v                    v
 *       closed             WebSocket (opened anew)
 *
 * A switch is a new connection to the user of this transport: `opened` is called again, and the user joins as
 * the same session and sends again the events that were not acknowledged.
 */
export function fallbackTransport(
  transports: Transports,
  reachability: SocketReachability,
  clock: Clock
): OpenTransport {
  return listener => new FallbackTransport(transports, reachability, clock, listener);
}

class FallbackTransport implements Transport {
  private carrier!: Transport;
  private probe: Transport | null = null;
  private probes = 0;
  /** The time of the first event on the current carrier; `null` before it. */
  private firstEventAt: number | null = null;
  /** Whether a WebSocket of this connection has delivered no event. */
  private hasFailed = false;
  private cancelTimer: (() => void) | null = null;

  constructor(
    private readonly transports: Transports,
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
    this.carry(this.transports.websocket, (code, reason) => this.socketClosed(code, reason));
    this.later(FIRST_EVENT_WITHIN, () => this.goPolling());
  }

  private socketClosed(code: number, reason: string): void {
    if (this.firstEventAt === null) {
      this.goPolling();
      return;
    }
    this.reachability.closed(code, this.clock.now() - this.firstEventAt);
    if (this.reachability.obstacle) {
      this.poll();
    } else {
      this.end(code, reason);
    }
  }

  /** Falls back to polling, since the WebSocket has delivered no event. */
  private goPolling(): void {
    this.hasFailed = true;
    this.carrier.close();
    this.poll();
  }

  private poll(): void {
    this.stopTimer();
    this.carry(this.transports.polling, (code, reason) => {
      if (this.firstEventAt === null) {
        this.reachability.unreachable();
      }
      this.end(code, reason);
    });
  }

  /** Opens the transport that carries the events from now on. */
  private carry(open: OpenTransport, closed: TransportListener['closed']): void {
    this.firstEventAt = null;
    const carrier: Transport = open({
      opened: () => carrier === this.carrier && this.listener.opened(),
      received: events => carrier === this.carrier && this.receive(events),
      closed: (code, reason) => carrier === this.carrier && closed(code, reason)
    });
    this.carrier = carrier;
  }

  private receive(events: readonly ServerEvent[]): void {
    if (this.firstEventAt === null) {
      this.firstEventAt = this.clock.now();
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

  /** Opens a WebSocket beside polling; its first event decides whether to switch. */
  private tryWebSocket(): void {
    const probe: Transport = this.transports.websocket({
      opened: () => undefined,
      received: events => {
        if (probe === this.carrier) {
          this.receive(events);
        } else if (probe === this.probe) {
          this.probeReceived(probe, events);
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
    this.later(FIRST_EVENT_WITHIN, () => this.giveUp(probe));
  }

  private probeReceived(probe: Transport, events: readonly ServerEvent[]): void {
    if (events[0]?.event !== 'connect') {
      this.giveUp(probe);
      return;
    }
    this.stopTimer();
    this.carrier.close();
    this.carrier = probe;
    this.probe = null;
    this.firstEventAt = this.clock.now();
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
