// @vitest-environment node
import { describe, expect, it } from 'vitest';

import {
  type ClientEvent,
  dataSize,
  encodeFrame,
  MalformedFrame,
  parseFrame,
  type ServerEvent
} from '../../src/protocol';

const operation = {
  operationId: 'o1',
  userId: 'u1',
  userName: 'Ann',
  sessionId: 's1',
  version: 2,
  operations: [{ type: 'insert', position: 0, content: 'Hi 🎉' }],
  timestamp: '2026-01-01T00:00:00Z'
};

const joined = {
  specId: 'spec',
  sessionId: 's1',
  epoch: 'e1',
  version: 2,
  content: 'Hi',
  role: 'owner',
  activeUsers: [{ userId: 'u1', userName: 'Ann', color: '#123456', avatarUrl: null, cursor: null }],
  limits: { operationsPerMinute: 100, operationLength: 10_000, frameBytes: 65_536 }
};

const thread = {
  threadId: 't1',
  kind: 'suggestion',
  state: 'open',
  anchor: { start: 0, end: 2, version: 2, orphaned: false },
  quote: 'Hi',
  prefix: '',
  suffix: '',
  replacement: 'Ho',
  createdBy: 'u2',
  createdByName: 'Bob',
  createdAt: '2026-01-01T00:00:00Z',
  messages: [
    {
      messageId: 't1',
      userId: 'u2',
      userName: 'Bob',
      body: '@Ann?',
      createdAt: '2026-01-01T00:00:00Z',
      mentions: ['u1']
    }
  ],
  changed: 5
};

/** One valid event of each name that a server sends. */
const events: readonly ServerEvent[] = [
  {
    event: 'connect',
    data: { specId: 'spec', userId: 'u1', userName: 'Ann', timestamp: '', protocol: 1 }
  },
  { event: 'session_joined', data: joined },
  { event: 'user_joined', data: { userId: 'u2', userName: 'Bob', activeUsers: [], version: 2 } },
  { event: 'user_left', data: { userId: 'u2', activeUsers: [], version: 2 } },
  {
    event: 'operation_ack',
    data: { operationId: 'o1', version: 3, success: true, rateLimit: { remaining: 99, resetMs: 1 } }
  },
  {
    event: 'operation_ack',
    data: {
      operationId: 'o1',
      success: false,
      code: 'RATE_LIMITED',
      message: 'Slower.',
      retryAfterMs: 5
    }
  },
  { event: 'remote_operation', data: operation },
  {
    event: 'remote_operation',
    data: { ...operation, authorId: 'u2', authorName: 'Bob', threadId: 't1' }
  },
  {
    event: 'threads_changed',
    data: { threadsVersion: 5, version: 2, threads: [thread], deleted: ['t0'] }
  },
  {
    event: 'spec_changed',
    data: { title: 'Plan', description: '', type: '', status: 'draft', lastModified: '' }
  },
  {
    event: 'remote_cursor',
    data: {
      userId: 'u1',
      userName: 'Ann',
      sessionId: 's1',
      version: 2,
      cursor: {
        line: 1,
        column: 2,
        selection: { start: { line: 0, column: 0 }, end: { line: 1, column: 2 } }
      }
    }
  },
  {
    event: 'version_conflict',
    data: {
      operationId: 'o1',
      expectedVersion: 1,
      currentVersion: 2,
      conflictingOperations: [operation]
    }
  },
  { event: 'sync', data: { version: 2, epoch: 'e1', operations: [operation] } },
  { event: 'role_changed', data: { role: null } },
  { event: 'document_deleted', data: { specId: 'spec' } },
  { event: 'authenticated', data: { expiresAt: '2026-01-01T00:00:00Z' } },
  { event: 'pong', data: {} },
  { event: 'error', data: { code: 'INTERNAL', message: 'Oh.', requestId: 'r1' } }
] as ServerEvent[];

describe('frames', () => {
  it.each(events.map(event => [event.event, event]))(
    'of %s are read as they were sent',
    (_, event) => {
      expect(parseFrame(JSON.stringify(event))).toEqual([event]);
    }
  );

  it('hold one event, or several in order', () => {
    expect(parseFrame(JSON.stringify(events))).toEqual(events);
    expect(parseFrame('[]')).toEqual([]);
  });

  it('are read if they hold unknown events and fields', () => {
    const frame = JSON.stringify([
      { event: 'fireworks', data: { colour: 'red' } },
      { event: 'toString', data: {} },
      { event: 'pong', data: {}, extra: 1 },
      { event: 'role_changed', data: { role: 'viewer', since: 'today' } }
    ]);
    expect(parseFrame(frame).map(({ event }) => event)).toEqual(['pong', 'role_changed']);
  });

  it.each(['viewer', 'commenter', 'contributor', 'admin', 'owner'])('name the role %s', role => {
    const frame = JSON.stringify([
      { event: 'session_joined', data: { ...joined, role } },
      { event: 'role_changed', data: { role } }
    ]);
    expect(parseFrame(frame)).toHaveLength(2);
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '7'],
    ['null', 'null'],
    ['no event', '{"data": {}}'],
    ['nothing that is needed', '{"event": "session_joined", "data": {}}'],
    ['a list for data', '{"event": "pong", "data": []}'],
    [
      'a version below zero',
      JSON.stringify({ event: 'remote_operation', data: { ...operation, version: -1 } })
    ],
    ['a fraction', JSON.stringify({ event: 'sync', data: { version: 1.5, epoch: 'e' } })],
    [
      'an unknown component',
      JSON.stringify({
        event: 'remote_operation',
        data: { ...operation, operations: [{ type: 'move' }] }
      })
    ],
    [
      'an unknown role',
      JSON.stringify({ event: 'session_joined', data: { ...joined, role: 'king' } })
    ],
    [
      'an unknown kind of thread',
      JSON.stringify({
        event: 'threads_changed',
        data: { threadsVersion: 5, version: 2, threads: [{ ...thread, kind: 'vote' }], deleted: [] }
      })
    ],
    ['an ack of neither kind', '{"event": "operation_ack", "data": {"operationId": "o1"}}']
  ])('with %s are refused', (_, frame) => {
    expect(() => parseFrame(frame)).toThrow(MalformedFrame);
  });

  it('are sent as one object', () => {
    expect(encodeFrame({ event: 'ping', data: {} })).toBe('{"event":"ping","data":{}}');
  });

  it('have the size of the data, in UTF-16 units, plus that of the envelope', () => {
    const event: ClientEvent = {
      event: 'operation',
      data: {
        operationId: 'o1',
        version: 1,
        operations: [{ type: 'insert', position: 0, content: '🎉"\n' }]
      }
    };
    const envelope = encodeFrame({ event: 'ping', data: {} }).length - 2 + 'operation'.length - 4;
    expect(encodeFrame(event).length).toBe(dataSize(event.data) + envelope);
    expect(dataSize(event.data)).toBe(JSON.stringify(event.data).length);
  });
});
