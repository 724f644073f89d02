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

export interface Weather {
  /** Milliseconds one way, at least and at most. */
  readonly latency: readonly [number, number];
  /** The probability that something sent to the server arrives twice. */
  readonly duplicates?: number;
  /** The probability that a request is lost, and that an answer is. */
  readonly lost?: number;
}

/** One user's way to the server, and what may befall it. */
export interface NetworkPath {
  weather: Weather;
  /** While set nobody gets through. */
  isDown: boolean;
  /** How often a connection was begun. */
  readonly connections: number;
  readonly open: OpenTransport;
  /** Cuts the connection, and loses what is on its way. */
  cut(code?: number): void;
  /** Nothing gets through any more and nobody is told, until a new connection is begun. */
  freeze(): void;
  /** The page is told that it ends; for ways that are to know. */
  hidePage?(): void;
  /** The page is gone; for ways on which pages crash. */
  abandon?(): void;
}

export const FINE: Weather = { latency: [5, 5] };

/**
 * One user's way to the server: each connection carries everything in order and after a while, until it is
 * cut, which loses what is on its way.
 */
export class Wire implements NetworkPath {
  weather: Weather = FINE;
  /** While set nobody gets through. */
  isDown = false;
  /** While set no new connection hears anything, not even that it failed. */
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

  /** Cuts the connection; the client hears of it, the server may take a while to. */
  cut(code = 1006): void {
    this.current?.cut(code);
  }

  /** The page is gone: what it has sent arrives all the same, and the server hears of it late. */
  abandon(): void {
    this.current?.abandon();
    this.current = null;
  }

  /** Nothing gets through any more and nobody is told. */
  freeze(): void {
    this.current?.freeze();
  }

  fromServer(event: ServerEvent): ServerEvent {
    return this.changeBack(event);
  }
}

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

  /** The server may hear only later that a client is gone. */
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
