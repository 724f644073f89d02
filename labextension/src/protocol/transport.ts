import type { ClientEvent, ServerEvent } from './messages';

/**
 * What a transport tells its user: first `opened`, then `received` for whatever comes in order, then
 * `closed` once, also where it never opened. After `closed` it tells nothing any more.
 */
export interface TransportListener {
  /**
   * The server listens: join. Told again where the transport has found another way, or the server has
   * forgotten the session: what was sent and not answered is then lost, as with a new connection.
   */
  opened(): void;
  received(events: readonly ServerEvent[]): void;
  /** `code` is a WebSocket close code: 1006 where the network failed, 44xx where the server refused. */
  closed(code: number, reason: string): void;
}

/** What carries the events. */
export type TransportName = 'websocket' | 'polling';

/** Why no WebSocket carries them: none can be opened, or they break down soon after. */
export type Obstacle = 'unopened' | 'shortLived';

/** One connection to the server: it carries events in order and doesn't know what they mean. */
export interface Transport {
  /** What carries the events at present. */
  readonly name: TransportName;
  /** Why that isn't a WebSocket; `null` where it is one, or nobody knows. */
  readonly obstacle: Obstacle | null;
  /** Sends events in this order; what is sent on a closed transport is lost without a word. */
  send(events: readonly ClientEvent[]): void;
  /** Closes it from this side; the listener is told nothing afterwards. */
  close(): void;
}

/** Begins a connection; it never calls the listener before it has returned. */
export type OpenTransport = (listener: TransportListener) => Transport;

/** Close code for a network that failed; the rest of the protocol's come from the server. */
export const CLOSED_BY_NETWORK = 1006;
