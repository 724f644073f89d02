import { fallbackTransport, type OpenTransport, SocketReachability } from '../../src/protocol';
import { Wire, type NetworkPath, type Weather } from './network';
import { Polls } from './polls';
import { RequestWire } from './requests';
import type { Server, User } from './server';
import type { World } from './world';

/** A simulated network with both transports: WebSockets, and plain requests as the fallback. */
export class FallbackWire implements NetworkPath {
  readonly socket: Wire;
  readonly requests: RequestWire;
  readonly open: OpenTransport;

  constructor(
    world: World,
    server: Server,
    user: User,
    readonly reachability = new SocketReachability()
  ) {
    this.socket = new Wire(world, server, user);
    this.requests = new RequestWire(world, new Polls(server), user);
    const transports = { websocket: this.socket.open, polling: this.requests.open };
    this.open = listener =>
      fallbackTransport(transports, this.reachability, this.requests.clock)(listener);
  }

  set weather(weather: Weather) {
    this.socket.weather = this.requests.weather = weather;
  }

  get isDown(): boolean {
    return this.requests.isDown;
  }

  set isDown(isDown: boolean) {
    this.socket.isDown = this.requests.isDown = isDown;
  }

  get connections(): number {
    return this.socket.connections + this.requests.connections;
  }

  cut(code?: number): void {
    this.socket.cut(code);
    this.requests.cut();
  }

  freeze(): void {
    this.socket.freeze();
    this.requests.freeze();
  }

  hidePage(): void {
    this.requests.hidePage();
  }

  abandon(): void {
    this.socket.abandon();
    this.requests.abandon();
  }
}
