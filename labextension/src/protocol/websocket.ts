import { encodeFrame, MalformedFrame, parseFrame } from './codec';
import type { ClientEvent, ServerEvent } from './messages';
import {
  CLOSED_BY_NETWORK,
  type OpenTransport,
  type Transport,
  type TransportListener
} from './transport';

/** The part of the browser's `WebSocket` that is used; tests have their own implementation. */
export interface Socket {
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(frame: string): void;
  close(): void;
}

/** The `readyState` of an open socket. */
const OPEN = 1;

/** Returns the URL to connect to; called for each attempt, since the URL may hold a renewed token. */
export type SocketUrl = () => string | Promise<string>;

/**
 * A transport over one WebSocket.
 *
 * A sent frame holds one event, a received one holds one event or an array of them. An error in getting the
 * URL, creating the socket or parsing a frame closes the transport with the code of a failed network.
 */
export function webSocketTransport(
  url: SocketUrl,
  create: (url: string) => Socket = address => new WebSocket(address) as Socket
): OpenTransport {
  return listener => new WebSocketTransport(url, create, listener);
}

class WebSocketTransport implements Transport {
  readonly name = 'websocket';
  readonly obstacle = null;
  private socket: Socket | null = null;
  private isOpen = false;
  private isClosed = false;

  constructor(
    url: SocketUrl,
    create: (url: string) => Socket,
    private readonly listener: TransportListener
  ) {
    Promise.resolve()
      .then(() => this.connect(url, create))
      .catch((error: unknown) => this.end(CLOSED_BY_NETWORK, String(error)));
  }

  send(events: readonly ClientEvent[]): void {
    const { socket } = this;
    if (this.isOpen && !this.isClosed && socket?.readyState === OPEN) {
      events.forEach(event => socket.send(encodeFrame(event)));
    }
  }

  close(): void {
    this.isClosed = true;
    this.socket?.close();
  }

  private async connect(url: SocketUrl, create: (url: string) => Socket): Promise<void> {
    const address = await url();
    if (!this.isClosed) {
      this.socket = create(address);
      this.listen(this.socket);
    }
  }

  private listen(socket: Socket): void {
    socket.onopen = () => {
      if (!this.isClosed) {
        this.isOpen = true;
        this.listener.opened();
      }
    };
    socket.onmessage = event => this.receive(event.data);
    socket.onclose = event => this.end(event.code, event.reason);
  }

  private receive(data: unknown): void {
    if (this.isClosed) {
      return;
    }
    const events = this.parse(String(data));
    if (events) {
      this.listener.received(events);
    }
  }

  private parse(frame: string): readonly ServerEvent[] | null {
    try {
      return parseFrame(frame);
    } catch (error) {
      if (!(error instanceof MalformedFrame)) {
        throw error;
      }
      this.socket?.close();
      this.end(CLOSED_BY_NETWORK, error.message);
      return null;
    }
  }

  private end(code: number, reason: string): void {
    if (!this.isClosed) {
      this.isClosed = true;
      this.listener.closed(code, reason);
    }
  }
}
