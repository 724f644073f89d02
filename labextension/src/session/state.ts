import type { Me } from '../presence';
import type { ActiveUser, Limits, Obstacle, Role } from '../protocol';
import type { Message } from '../sync';

/**
 * `connecting`: there is no document yet. `synchronised`: the server has every edit. `saving`: it hasn't yet.
 * `offline`: edits are kept until the network is back. `ended`: it will not come back by itself.
 */
export type Status = 'connecting' | 'synchronised' | 'saving' | 'offline' | 'ended';

/** All that an interface shows of a connection: a value, replaced by each change. */
export interface ConnectionState {
  readonly status: Status;
  readonly version: number;
  /** Edits of this page that the server has not acknowledged. */
  readonly pendingOperations: number;
  /** Messages that it will take to send them; above one where something large is on its way. */
  readonly pendingParts: number;
  /** Seconds until the next try; `null` where none is waited for. */
  readonly retryInSeconds: number | null;
  /** Tries since the connection was lost. */
  readonly attempts: number;
  /** `null` before joining, and where the role was taken away. */
  readonly role: Role | null;
  /** Whether edits are taken now: there is a document, the role allows it, nothing has ended. */
  readonly canEdit: boolean;
  readonly users: readonly ActiveUser[];
  readonly me: Me | null;
  /** What went wrong, while it lasts. */
  readonly error: Message | null;
  /**
   * What the user should know, until it is dismissed: `MERGED` or `HISTORY_REPLACED` after a merge of texts,
   * `DOCUMENT_TOO_LARGE` where an edit was not taken for that.
   */
  readonly notice: Message | null;
  /** What carries the events: `websocket` or `polling`; empty while nothing does. */
  readonly transport: string;
  /** Why that isn't a WebSocket. */
  readonly obstacle: Obstacle | null;
  /** Milliseconds of the last ping; `null` before the first. */
  readonly roundTripMs: number | null;
  readonly limits: Limits | null;
  /** How many operations this minute has left for the user; `null` where that is no matter. */
  readonly operationsLeft: number | null;
  /** Whether edits that are not acknowledged outlive the page. */
  readonly isKeeping: boolean;
}

export const INITIAL_STATE: ConnectionState = {
  status: 'connecting',
  version: 0,
  pendingOperations: 0,
  pendingParts: 0,
  retryInSeconds: null,
  attempts: 0,
  role: null,
  canEdit: false,
  users: [],
  me: null,
  error: null,
  notice: null,
  transport: '',
  obstacle: null,
  roundTripMs: null,
  limits: null,
  operationsLeft: null,
  isKeeping: true
};

/** Whether an interface would show the same. */
export function sameState(a: ConnectionState, b: ConnectionState): boolean {
  return (Object.keys(a) as (keyof ConnectionState)[]).every(key => a[key] === b[key]);
}
