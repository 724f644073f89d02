/** One page's part in a document: its text, its edits, who else is there, and how the connection stands. */

export { SpecConnection } from './connection';
export { browserEnvironment, type Environment } from './environment';
export { type Estate, Heir } from './heir';
export {
  hasEdits,
  type Kept,
  type KeptText,
  type Origin as EditsOrigin,
  replicaOfKept
} from './kept';
export { Listeners } from './listeners';
export type { ConnectionOptions } from './options';
export { type Selection } from './place';
export { type RemoteCaret } from './presence';
export { EAGER_TRIES, STEADY_SECONDS } from './reconnect';
export type { Replica } from './replica';
export type { Claims, Keeping, Memories, Memory, Shelf } from './shelf';
export type { ConnectionState, Me, Message, Status } from './state';
export type { Change, ChangeListener, Origin, View } from './views';
