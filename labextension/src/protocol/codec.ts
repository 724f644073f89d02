/** Converts between frames and typed events. Only this module validates what the server sends. */

import type { ClientEvent, Draft, ServerEvent } from './messages';
import {
  type Validator,
  anyOf,
  isBoolean,
  isCount,
  isRecord,
  isString,
  listOf,
  nullable,
  oneOf,
  optional,
  record
} from './validators';

/** A frame that violates the protocol. The connection that brought it has to be closed. */
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
const role = oneOf('viewer', 'commenter', 'contributor', 'admin', 'owner');
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
  operations: listOf(component),
  authorId: nullable(isString),
  authorName: nullable(isString),
  threadId: nullable(isString)
});
const limits = record({ operationsPerMinute: isCount, operationLength: isCount });

const draft = record({
  version: isCount,
  inFlight: nullable(record({ operationId: isString, operations: listOf(component) })),
  operations: listOf(component),
  cursor
});

/** Whether a value has the form of a draft. */
export function isDraft(value: unknown): value is Draft {
  return draft(value);
}

const message = record({
  messageId: isString,
  userId: isString,
  userName: isString,
  body: isString,
  createdAt: isString,
  editedAt: nullable(isString),
  deleted: nullable(isBoolean),
  mentions: listOf(isString)
});
const thread = record({
  threadId: isString,
  kind: oneOf('comment', 'suggestion'),
  state: oneOf('open', 'resolved', 'accepted', 'rejected'),
  anchor: record({
    start: isCount,
    end: isCount,
    version: isCount,
    orphaned: isBoolean,
    letters: nullable(isString)
  }),
  quote: isString,
  prefix: isString,
  suffix: isString,
  replacement: nullable(isString),
  createdBy: isString,
  createdByName: isString,
  createdAt: isString,
  messages: listOf(message),
  changed: isCount
});

/** For each event, the fields that this client needs in its data. */
const validators: Readonly<Record<ServerEvent['event'], Validator>> = {
  connect: record({ specId: isString, userId: isString, userName: isString }),
  session_joined: record({
    sessionId: isString,
    epoch: isString,
    version: isCount,
    content: optional(isString),
    operations: optional(listOf(committed)),
    role,
    activeUsers: users,
    limits,
    threadsVersion: nullable(isCount)
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
  spec_changed: record({
    title: isString,
    description: isString,
    type: isString,
    status: isString,
    lastModified: isString
  }),
  threads_changed: record({
    threadsVersion: isCount,
    version: isCount,
    threads: listOf(thread),
    deleted: listOf(isString)
  }),
  role_changed: record({ role: nullable(role) }),
  document_deleted: isRecord,
  authenticated: isRecord,
  pong: isRecord,
  error: record({ code: isString, message: isString })
};

/**
 * The events of a frame, which holds one event or an array of events in order.
 *
 * Unknown events and unknown fields are ignored. Throws {@link MalformedFrame} if the frame is not JSON or a
 * known event lacks a field.
 */
export function parseFrame(frame: string): readonly ServerEvent[] {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    throw new MalformedFrame('The frame is not JSON.');
  }
  return (Array.isArray(value) ? value : [value]).flatMap(toEvents);
}

/** Validates a parsed event. The list holds that event, or is empty if this client doesn't know it. */
export function toEvents(value: unknown): readonly ServerEvent[] {
  if (!isRecord(value) || typeof value.event !== 'string') {
    throw new MalformedFrame('The frame holds a value that is not an event.');
  }
  const data = value.data ?? {};
  if (!Object.hasOwn(validators, value.event)) {
    return [];
  }
  if (!validators[value.event as ServerEvent['event']](data)) {
    throw new MalformedFrame(`The event ${value.event} lacks a required field.`);
  }
  return [{ event: value.event, data } as ServerEvent];
}

/** The frame for one event. */
export function encodeFrame(event: ClientEvent): string {
  return JSON.stringify(event);
}

/**
 * The size of an event's `data` as the limits count it: the length of its compact JSON in UTF-16 units.
 *
 * Law (`codec.test.ts`): the length of a frame is this size plus that of its envelope, for any data.
 */
export function dataSize(data: ClientEvent['data']): number {
  return JSON.stringify(data).length;
}
