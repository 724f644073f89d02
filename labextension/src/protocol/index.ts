/** The wire: typed events, their frames, and the connections that carry them. */

export { dataSize, encodeFrame, MalformedFrame, parseFrame } from './codec';
export type * from './messages';
export { type OpenTransport, type Transport, type TransportListener } from './transport';
export { type Socket, type SocketUrl, webSocketTransport } from './websocket';
