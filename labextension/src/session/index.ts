/** One page's part in a document: its text, its edits, who else is there, and how the connection stands. */

export { type ConnectionOptions, SpecConnection } from './connection';
export { browserEnvironment, type Environment } from './environment';
export { type Selection } from './place';
export { type RemoteCaret } from './presence';
export type { Replica } from './replica';
export type { ConnectionState, Me, Message, Status } from './state';
export type { Change, ChangeListener, Origin, View } from './views';
