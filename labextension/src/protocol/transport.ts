import type { ClientEvent, ServerEvent } from './messages';

/**
 * Receives the events of a transport.
 *
 * A transport calls `opened` first, then `received` in order, and `closed` once at the end, also if it never
 * opened. Nothing is called after `closed`.
 */
export interface TransportListener {
  /**
   * The transport is ready for a join. Called again if it has switched to another connection or the server has
   * dropped the session: events without a response are then lost.
   */
  opened(): void;
  received(events: readonly ServerEvent[]): void;
  /** `code` is a WebSocket close code: 1006 if the network failed, 44xx if the server refused. */
  closed(code: number, reason: string): void;
}

/** The kind of connection that carries the events. */
export type TransportName = 'websocket' | 'polling';

/** Why no WebSocket is used: none can be opened, or they close soon afterwards. */
export type Obstacle = 'unopened' | 'shortLived';

/** A connection to the server that carries events in order. */
export interface Transport {
  /** The kind of connection that is used now. */
  readonly name: TransportName;
  /** Why that isn't a WebSocket; `null` if it is one or the reason isn't known. */
  readonly obstacle: Obstacle | null;
  /** Sends events in this order. Events sent on a closed transport are dropped silently. */
  send(events: readonly ClientEvent[]): void;
  /** Closes the connection; the listener is not called afterwards. */
  close(): void;
}

/** Opens a connection. The listener is never called before this function has returned. */
export type OpenTransport = (listener: TransportListener) => Transport;

/** The close code for a failed network. */
export const CLOSED_BY_NETWORK = 1006;
