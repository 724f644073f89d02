/** One page's session in a spec: joins the document, presence, stored edits and the connection. */

export { SpecConnection } from './connection';
export type { ConnectionOptions } from './options';
export { isLongOffline } from './relief';
export { EAGER_TRIES, STEADY_SECONDS } from './reconnect';
export type { ConnectionState, Status } from './connectionState';
export type { ThreadNews } from './session';
export type { ChangeListener, Queued, View } from './views';
export type { Change } from '../sync';
export type { Summons } from '../presence';
