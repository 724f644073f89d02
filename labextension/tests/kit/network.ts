import {
  encodeFrame,
  type ClientEvent,
  type OpenTransport,
  parseFrame,
  type ServerEvent,
  type TransportListener
} from '../../src/protocol';
import type { Server, Session, User } from './server';
import type { World } from './world';

/** The quality of a simulated network. */
export interface Weather {
  /** The minimum and maximum delay in one direction, in milliseconds. */
  readonly latency: readonly [number, number];
  /** The probability that an operation or a request reaches the server twice. */
  readonly duplicates?: number;
  /** The probability that a request is lost, and that a response is lost. */
  readonly lost?: number;
}

/** The simulated network between one user and the server, and its faults. */
export interface NetworkPath {
  weather: Weather;
  /** While set, no connection can be opened and no request succeeds. */
  isDown: boolean;
  /** The number of connections that were opened. */
  readonly connections: number;
  readonly open: OpenTransport;
  /** Closes the connection; the client is notified. Messages in transit are lost. */
  cut(code?: number): void;
  /** Drops all messages without notice to either side, until a new connection is opened. */
  freeze(): void;
  /** Fires the `pagehide` event; only for transports that listen for it. */
  hidePage?(): void;
  /** The page has crashed: its messages in transit arrive, but it receives nothing any more. */
  abandon?(): void;
}

export const FINE: Weather = { latency: [5, 5] };

/**
 * The WebSockets of one user. A connection delivers messages in order, after a delay. When it is cut, messages
 * in transit are lost.
 */
export class Wire implements NetworkPath {
  weather: Weather = FINE;
  /** While set, opening a connection fails. */
  isDown = false;
  /** While set, a new connection neither opens nor fails. */
  isMute = false;
  connections = 0;
  private current: Line | null = null;

  constructor(
    private readonly world: World,
    readonly server: Server,
    public user: User,
    private readonly change: (event: ClientEvent) => ClientEvent = event => event,
    private readonly changeBack: (event: ServerEvent) => ServerEvent = event => event
  ) {}

  readonly open: OpenTransport = listener => {
    this.connections += 1;
    const line = new Line(this.world, this, listener);
    this.current = line;
    return {
      name: 'websocket',
      obstacle: null,
      send: events => line.toServer(events.map(this.change)),
      close: () => line.drop(false)
    };
  };

  /** Closes the connection. The client is notified at once, and the server some seconds later. */
  cut(code = 1006): void {
    this.current?.cut(code);
  }

  /** The page has crashed: its messages in transit arrive, and the server is notified some seconds later. */
  abandon(): void {
    this.current?.abandon();
    this.current = null;
  }

  /** Drops all messages without notice to either side. */
  freeze(): void {
    this.current?.freeze();
  }

  fromServer(event: ServerEvent): ServerEvent {
    return this.changeBack(event);
  }
}

/** One WebSocket connection. */
class Line {
  private session: Session | null = null;
  private isAlive = true;
  private isFrozen = false;
  private isAbandoned = false;
  private up = 0;
  private down = 0;

  constructor(
    private readonly world: World,
    private readonly wire: Wire,
    private readonly listener: TransportListener
  ) {
    this.world.after(this.delay(), () => this.connect());
  }

  toServer(events: readonly ClientEvent[]): void {
    const copies = events.flatMap(event => {
      const isTwice = this.world.chance.happens(this.wire.weather.duplicates ?? 0);
      return isTwice && event.event === 'operation' ? [event, event] : [event];
    });
    for (const event of copies) {
      const frame = encodeFrame(event);
      this.up = Math.max(this.up, this.world.now + this.delay());
      this.world.after(this.up - this.world.now, () => {
        if (this.isAlive && !this.isFrozen) {
          this.session?.handle(JSON.parse(frame) as ClientEvent);
        }
      });
    }
  }

  cut(code: number): void {
    if (this.isAlive) {
      this.drop(true);
      this.listener.closed(code, 'cut');
    }
  }

  freeze(): void {
    this.isFrozen = true;
  }

  abandon(): void {
    this.isAbandoned = true;
    this.world.after(this.world.chance.between(5_000, 20_000), () => this.drop(false));
  }

  /** Ends the session at the server: some seconds later if `isLate`. */
  drop(isLate: boolean): void {
    if (!this.isAlive) {
      return;
    }
    this.isAlive = false;
    const { session } = this;
    this.world.after(isLate ? this.world.chance.between(5_000, 20_000) : 0, () => session?.left());
  }

  private connect(): void {
    if (!this.isAlive || this.isAbandoned || this.wire.isMute) {
      return;
    }
    if (this.wire.isDown) {
      this.cut(1006);
      return;
    }
    this.listener.opened();
    this.session = this.wire.server.open(
      this.wire.user,
      events => this.toClient(events),
      code => this.closedByServer(code)
    );
  }

  private toClient(events: readonly ServerEvent[]): void {
    const frame = JSON.stringify(events.length === 1 ? events[0] : events);
    this.down = Math.max(this.down, this.world.now + this.delay());
    this.world.after(this.down - this.world.now, () => {
      if (this.isAlive && !this.isFrozen && !this.isAbandoned) {
        this.listener.received(parseFrame(frame).map(event => this.wire.fromServer(event)));
      }
    });
  }

  private closedByServer(code: number): void {
    this.down = Math.max(this.down, this.world.now + this.delay());
    this.world.after(this.down - this.world.now, () => {
      if (this.isAlive && !this.isFrozen && !this.isAbandoned) {
        this.isAlive = false;
        this.listener.closed(code, '');
      }
    });
  }

  private delay(): number {
    const [least, most] = this.wire.weather.latency;
    return this.world.chance.between(least, most);
  }
}
