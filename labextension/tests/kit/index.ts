export { Browser, Page, Tab } from './browser';
export {
  append,
  type Client,
  connect,
  connectBy,
  connectPage,
  contentOf,
  isSynchronised,
  same,
  type,
  userOf
} from './clients';
export { Limiter } from './limiter';
export { away, back, meeting } from './meeting';
export { FINE, type NetworkPath, type Weather, Wire } from './network';
export { Polls } from './polls';
export { RequestWire } from './requests';
export { LIMITS, Server, Session, type User } from './server';
export { FallbackWire } from './fallback';
export { Chance, World } from './world';
