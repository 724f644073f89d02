/** The protocol: typed events, their frames, and the transports that carry them. */

export { dataSize, encodeFrame, isDraft, MalformedFrame, parseFrame } from './codec';
export { fallbackTransport, type Transports } from './fallback';
export type * from './messages';
export { mayComment, mayEdit } from './role';
export { SocketReachability } from './socketReachability';
export { type PollingOptions, pollingTransport } from './polling';
export { type Answer, type Ask, NO_ANSWER, type Request } from './requests';
export { CLOSED_BY_NETWORK } from './transport';
export type {
  Obstacle,
  OpenTransport,
  Transport,
  TransportListener,
  TransportName
} from './transport';
export { LongPollBudget } from './longPollBudget';
export type * from './threads';
export { type Socket, type SocketUrl, webSocketTransport } from './websocket';
