/** The state machine that keeps a page's document and the server's together: what is pending, what to send, what to show. */

export { Exchange } from './exchange';
export { type Message, OTHER_USER, REPLACED, TOO_LARGE } from './notices';
export { type Buffer, type Outstanding, type Pending, pendingEdits, pendingOf } from './pending';
export { RecentVersions } from './recentVersions';
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
export type { ChangeOrigin } from './changeOrigin';
