// @vitest-environment node
/** Operations that the server refuses. */
import { describe, expect, it } from 'vitest';

import type { ConnectionState } from '../../src/session';
import { append, contentOf, meeting, type Client } from '../kit';

/** The different troubles that a client tells of, in order. */
function troublesOf({ connection }: Client): NonNullable<ConnectionState['trouble']>[] {
  const told: NonNullable<ConnectionState['trouble']>[] = [];
  connection.subscribe(({ trouble }) => {
    if (trouble && trouble !== told.at(-1)) {
      told.push(trouble);
    }
  });
  return told;
}

describe('refusals', () => {
  it.each(['RATE_LIMITED', 'STORE_UNAVAILABLE', 'INTERNAL'])(
    'that are temporary (%s) are followed by a wait and the same operation',
    code => {
      const { world, server, ann } = meeting();
      server.refuseWith = { code, retryAfterMs: 700 };
      append(ann, '!');
      world.run(500);
      expect(contentOf(ann)).toBe('Hello!');
      expect(ann.connection.state.status).toBe('saving');
      server.refuseWith = null;
      world.run(5_000);
      expect(server.text.toString()).toBe('Hello!');
      expect(new Set([...server.sent.values()].flat()).size).toBe(1);
    }
  );

  it.each(['INVALID_OPERATION', 'INVALID_CONTENT', 'DOCUMENT_TOO_LARGE'])(
    'that are final (%s) end the session, and the text can be copied',
    code => {
      const { world, server, ann } = meeting();
      server.refuseWith = { code };
      append(ann, ' unsaved');
      world.run(500);
      expect(ann.connection.state).toMatchObject({ status: 'ended', canEdit: false });
      expect(ann.connection.state.error?.code).toBe(code);
      expect(ann.connection.rescued).toBe('Hello unsaved');
      expect(contentOf(ann)).toBe('Hello unsaved');
    }
  );

  it('for a missing right to edit rescue the edits, and the text stays up to date', () => {
    const { world, server, ann, bob } = meeting();
    server.refuseWith = { code: 'FORBIDDEN' };
    append(ann, ' unsaved');
    world.run(1);
    append(ann, ' too');
    world.run(500);
    append(ann, ' and not taken');
    world.run(500);
    expect(ann.connection.state).toMatchObject({ status: 'synchronised', error: null });
    expect(ann.connection.state.canEdit).toBe(false);
    expect(ann.connection.state.notice?.code).toBe('FORBIDDEN');
    expect(ann.connection.rescued).toBe('Hello unsaved too');
    expect(contentOf(ann)).toBe('Hello');
    server.refuseWith = null;
    append(bob, '!');
    server.sessions.forEach(session =>
      session.send({ event: 'role_changed', data: { role: 'contributor' } })
    );
    world.run(500);
    append(ann, '?');
    world.run(2_000);
    expect(server.text.toString()).toBe('Hello!?');
    expect([contentOf(ann), contentOf(bob)]).toEqual(['Hello!?', 'Hello!?']);
  });

  it('for the size after the limit was lowered lead to smaller parts', () => {
    const { world, server, ann } = meeting('');
    const long = 'x'.repeat(5_000);
    server.refuseWith = { code: 'STORE_UNAVAILABLE', retryAfterMs: 5_000 };
    append(ann, long);
    world.run(100);
    server.limits = { ...server.limits, operationLength: 1_000 };
    server.refuseWith = null;
    ann.wire.cut();
    world.run(20_000);
    expect(server.text.toString()).toBe(long);
    expect(server.refusals).toContain('OPERATION_TOO_LARGE');
  });
});

describe('edits that are not saved', () => {
  it.each(['STORE_UNAVAILABLE', 'RATE_LIMITED'])(
    'because they are refused again and again (%s) are told of once, until all are saved',
    code => {
      const { world, server, ann } = meeting();
      const told = troublesOf(ann);
      server.refuseWith = { code, retryAfterMs: 700 };
      const since = world.now;
      append(ann, '!');
      world.run(3_000);
      append(ann, '!');
      expect(told).toEqual([]);
      world.run(60_000);
      expect(told).toEqual([{ code, message: code, since }]);
      expect(ann.connection.state).toMatchObject({ status: 'saving', trouble: told[0] });
      server.refuseWith = null;
      world.runUntil(() => !ann.connection.hasUnsaved);
      expect(ann.connection.state).toMatchObject({ trouble: null, relief: 'saved' });
      world.run(10_000);
      expect(ann.connection.state).toMatchObject({ status: 'synchronised', relief: null });
      expect(server.text.toString()).toBe('Hello!!');
    }
  );

  it('are told to be so since they were sent first, however often the connection was lost', () => {
    const { world, server, ann } = meeting();
    server.refuseWith = { code: 'STORE_UNAVAILABLE', retryAfterMs: 700 };
    const since = world.now;
    append(ann, '!');
    world.run(10_000);
    const message = 'STORE_UNAVAILABLE';
    expect(ann.connection.state.trouble).toEqual({ code: message, message, since });
    for (const code of ['STORE_UNAVAILABLE', 'RATE_LIMITED']) {
      server.refuseWith = { code, retryAfterMs: 700 };
      ann.wire.cut();
      world.runUntil(() => ann.connection.state.trouble === null);
      world.run(20_000);
      expect(ann.connection.state.trouble).toEqual({ code, message: code, since });
    }
    server.refuseWith = null;
    world.runUntil(() => !ann.connection.hasUnsaved);
    server.refuseWith = { code: 'STORE_UNAVAILABLE', retryAfterMs: 700 };
    const later = world.now;
    append(ann, '?');
    world.run(10_000);
    expect(ann.connection.state.trouble?.since).toBeGreaterThanOrEqual(later);
  });

  it('because nothing answers are told of within 15 s', () => {
    const { world, server, ann } = meeting();
    server.ignoresOperations = true;
    append(ann, '!');
    world.run(15_000);
    expect(ann.connection.state).toMatchObject({
      status: 'saving',
      trouble: { code: 'NO_ANSWER', message: '' }
    });
    server.ignoresOperations = false;
    world.run(30_000);
    expect(ann.connection.state).toMatchObject({ status: 'synchronised', trouble: null });
    expect(server.text.toString()).toBe('Hello!');
  });

  it('because of a quota are told of at once, kept, and sent when there is room', () => {
    const { world, server, ann } = meeting();
    server.refuseWith = { code: 'QUOTA_EXCEEDED' };
    append(ann, '!');
    world.run(500);
    expect(ann.connection.state).toMatchObject({
      status: 'saving',
      canEdit: true,
      trouble: { code: 'QUOTA_EXCEEDED' }
    });
    append(ann, '?');
    server.refuseWith = null;
    world.run(30_000);
    expect(server.text.toString()).toBe('Hello!?');
    expect(ann.connection.state.trouble).toBeNull();
  });

  it('for a moment only are not worth a word', () => {
    const { world, server, ann } = meeting();
    const told = troublesOf(ann);
    server.refuseWith = { code: 'STORE_UNAVAILABLE', retryAfterMs: 500 };
    append(ann, '!');
    world.run(2_000);
    server.refuseWith = null;
    world.run(60_000);
    expect(told).toEqual([]);
    expect(ann.connection.state).toMatchObject({ status: 'synchronised', relief: null });
  });
});

it('a page that the server does not let in says why, until it is in', () => {
  const { world, server, ann } = meeting();
  server.refuseJoinsWith = { code: 'STORE_UNAVAILABLE', message: 'The disk is full.' };
  append(ann, '!');
  ann.wire.cut();
  append(ann, '?');
  world.run(10_000);
  expect(ann.connection.state).toMatchObject({
    status: 'offline',
    trouble: { code: 'STORE_UNAVAILABLE', message: 'The disk is full.' }
  });
  ann.wire.isDown = true;
  world.runUntil(() => ann.connection.state.trouble === null);
  ann.wire.isDown = false;
  server.refuseJoinsWith = null;
  world.runUntil(() => ann.connection.state.relief === 'saved');
  expect(server.text.toString()).toBe('Hello!?');
});
