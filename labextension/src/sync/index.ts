/** The state machine that keeps a page's document and the server's together. No network, no storage. */

export type { Change } from './change';
export type { EditKeeper } from './editKeeper';
export { Exchange } from './exchange';
export { type Message, Notices, OTHER_USER, ownMessage, REPLACED, TOO_LARGE } from './notices';
export { type Buffer, type Outstanding, type Pending, pendingEdits, pendingOf } from './pending';
export { type CommittedStep, RecentVersions } from './recentVersions';
export type { Replica } from './replica';
export {
  type Selection,
  fromCursor,
  moveSelection,
  movedBack,
  sameSelection,
  toCursor
} from './selection';
export { countParts } from './split';
export type { Trouble } from './trouble';
