import type { ClientEvent, ServerEvent } from './messages';

/**
 * What a transport tells its user: first `opened`, then `received` for whatever comes in order, then
 * `closed` once, also where it never opened. After `closed` it tells nothing any more.
 */
export interface TransportListener {
  opened(): void;
  received(events: readonly ServerEvent[]): void;
  /** `code` is a WebSocket close code: 1006 where the network failed, 44xx where the server refused. */
  closed(code: number, reason: string): void;
}

/** One connection to the server: it carries events in order and doesn't know what they mean. */
export interface Transport {
  /** What to call it in the interface, such as `websocket`. */
  readonly name: string;
  /** Sends events in this order; what is sent on a closed transport is lost without a word. */
  send(events: readonly ClientEvent[]): void;
  /** Closes it from this side; the listener is told nothing afterwards. */
  close(): void;
}

/** Begins a connection; it never calls the listener before it has returned. */
export type OpenTransport = (listener: TransportListener) => Transport;

/** Close codes that this side makes up; the rest of the protocol's come from the server. */
export const CLOSED_BY_NETWORK = 1006;
