/** The wire: typed events, their frames, and the connections that carry them. */

export type { Clock } from './clock';
export { dataSize, encodeFrame, MalformedFrame, parseFrame } from './codec';
export { eitherTransport, type Ways } from './either';
export type * from './messages';
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
export { Waits } from './waits';
export { type Socket, type SocketUrl, webSocketTransport } from './websocket';
export { browserEnvironment, type Environment } from './environment';
export { Listeners } from './listeners';
