/** Frames to typed events and back: the one place where what came in is checked. */

import type { ClientEvent, ServerEvent } from './messages';
import {
  type Validator,
  anyOf,
  isCount,
  isRecord,
  isString,
  listOf,
  nullable,
  oneOf,
  optional,
  record
} from './validators';

/** A frame that isn't what the protocol says; the connection that brought it can't be trusted further. */
export class MalformedFrame extends Error {
  override readonly name = 'MalformedFrame';
}

const place = record({ line: isCount, column: isCount });
const cursor = nullable(
  record({
    line: isCount,
    column: isCount,
    selection: nullable(record({ start: place, end: place }))
  })
);
const role = oneOf('viewer', 'contributor', 'admin', 'owner');
const component = anyOf(
  record({ type: oneOf('insert'), position: optional(isCount), content: isString }),
  record({ type: oneOf('delete', 'retain'), position: optional(isCount), length: isCount })
);
const user = record({
  userId: isString,
  userName: isString,
  color: nullable(isString),
  avatarUrl: nullable(isString),
  cursor
});
const users = listOf(user);
const committed = record({
  operationId: isString,
  userId: isString,
  userName: isString,
  sessionId: nullable(isString),
  version: isCount,
  operations: listOf(component)
});
const limits = record({ operationsPerMinute: isCount, operationLength: isCount });

/** What each event's data must hold for a client to use it. */
const shapes: Readonly<Record<ServerEvent['event'], Validator>> = {
  connect: record({ specId: isString, userId: isString, userName: isString }),
  session_joined: record({
    sessionId: isString,
    epoch: isString,
    version: isCount,
    content: optional(isString),
    operations: optional(listOf(committed)),
    role,
    activeUsers: users,
    limits
  }),
  user_joined: record({ userId: isString, activeUsers: users, version: isCount }),
  user_left: record({ userId: isString, activeUsers: users, version: isCount }),
  operation_ack: anyOf(
    record({
      operationId: isString,
      success: oneOf(true),
      version: isCount,
      rateLimit: optional(record({ remaining: isCount, resetMs: isCount }))
    }),
    record({ operationId: isString, success: oneOf(false), code: isString, message: isString })
  ),
  remote_operation: committed,
  remote_cursor: record({
    userId: isString,
    userName: isString,
    sessionId: isString,
    cursor,
    version: isCount
  }),
  version_conflict: record({
    operationId: isString,
    currentVersion: isCount,
    conflictingOperations: listOf(committed)
  }),
  sync: record({
    version: isCount,
    epoch: isString,
    content: optional(isString),
    operations: optional(listOf(committed))
  }),
  role_changed: record({ role: nullable(role) }),
  document_deleted: isRecord,
  authenticated: isRecord,
  pong: isRecord,
  error: record({ code: isString, message: isString })
};

/**
 * The events of one frame, which holds one object or an array of them, in order.
 *
 * An event of a name that this client doesn't know is left out, as are fields that it doesn't know.
 * Throws {@link MalformedFrame} for what is no JSON, or for known events without what they need.
 */
export function parseFrame(frame: string): readonly ServerEvent[] {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    throw new MalformedFrame('The frame is no JSON.');
  }
  return (Array.isArray(value) ? value : [value]).flatMap(toEvents);
}

/** The event that a parsed value is, in a list; the list is empty for one that this client doesn't know. */
export function toEvents(value: unknown): readonly ServerEvent[] {
  if (!isRecord(value) || typeof value.event !== 'string') {
    throw new MalformedFrame('The frame holds something that is no event.');
  }
  const data = value.data ?? {};
  if (!Object.hasOwn(shapes, value.event)) {
    return [];
  }
  if (!shapes[value.event as ServerEvent['event']](data)) {
    throw new MalformedFrame(`The event ${value.event} lacks what it needs.`);
  }
  return [{ event: value.event, data } as ServerEvent];
}

/** The frame of one event. */
export function encodeFrame(event: ClientEvent): string {
  return JSON.stringify(event);
}

/**
 * The size of an event's `data` as the limits count it: the length of its compact JSON in UTF-16 units.
 *
 * Law (`codec.test.ts`): a frame is always that much and its envelope, whatever the data.
 */
export function dataSize(data: ClientEvent['data']): number {
  return JSON.stringify(data).length;
}
