import type { Me } from '../presence';
import type { ActiveUser, Limits, Obstacle, Role } from '../protocol';
import type { Message, Trouble } from '../sync';

/**
 * `connecting`: there is no document yet. `synchronised`: the server has every edit. `saving`: edits are not
 * acknowledged yet. `offline`: edits are kept until the network is back. `ended`: another attempt needs the
 * user.
 */
export type Status = 'connecting' | 'synchronised' | 'saving' | 'offline' | 'ended';

/**
 * `connected`: the server can be reached again. `saved`: it has all edits. `reconnected`: both at once. `fetched`:
 * what another tab left has been sent.
 */
export type Relieved = 'connected' | 'saved' | 'reconnected' | 'fetched';

/** The state of a connection, as an interface shows it: a value, replaced by each change. */
export interface ConnectionState {
  readonly status: Status;
  readonly version: number;
  /** How many edits of this page the server has not acknowledged. */
  readonly pendingOperations: number;
  /** About how many messages are needed to send them; a large edit needs several. */
  readonly pendingParts: number;
  /** How many edits that another tab left this page is sending. They are not in the text until they are sent. */
  readonly leftOperations: number;
  /** Whether the pending edits are those that another tab left. They are in the text. */
  readonly isContinuing: boolean;
  /** When the connection was lost, in milliseconds since 1970; `null` while there is one. */
  readonly lostSince: number | null;
  /** Seconds until the next attempt; `null` where none is scheduled. */
  readonly retryInSeconds: number | null;
  /** Attempts since the connection was lost. */
  readonly attempts: number;
  /** `null` before joining, and where the role was taken away. */
  readonly role: Role | null;
  /** Whether editing is possible: there is a document, the role allows it, and the session has not ended. */
  readonly canEdit: boolean;
  readonly users: readonly ActiveUser[];
  readonly me: Me | null;
  /** Why the session ended. */
  readonly error: Message | null;
  /**
   * A notice to the user until they dismiss it: `MERGED` or `HISTORY_REPLACED` after a merge of texts,
   * `WOULD_BE_TOO_LARGE` after an edit that was not made for its size, and others.
   */
  readonly notice: Message | null;
  /** The transport, `websocket` or `polling`; empty without a connection. */
  readonly transport: string;
  /** Why the transport isn't a WebSocket. */
  readonly obstacle: Obstacle | null;
  /** The round trip time of the last ping in milliseconds; `null` before the first. */
  readonly roundTripMs: number | null;
  readonly limits: Limits | null;
  /** How many operations the user has left in this minute; `null` where nothing is paced. */
  readonly operationsLeft: number | null;
  /** Whether unacknowledged edits outlive the page. */
  readonly isKeeping: boolean;
  /** Why the server, though it can be reached, has not taken edits or not given the text for a while. */
  readonly trouble: Trouble | null;
  /** What has just become well again, for some seconds after the user was told that it was not. */
  readonly relief: Relieved | null;
}

export const INITIAL_STATE: ConnectionState = {
  status: 'connecting',
  version: 0,
  pendingOperations: 0,
  pendingParts: 0,
  leftOperations: 0,
  isContinuing: false,
  lostSince: null,
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
  isKeeping: true,
  trouble: null,
  relief: null
};

/** Whether both are equal in every field. */
export function sameState(a: ConnectionState, b: ConnectionState): boolean {
  return (Object.keys(a) as (keyof ConnectionState)[]).every(key => a[key] === b[key]);
}
