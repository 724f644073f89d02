// @vitest-environment node
/** Close codes that end the connection, and roles that end the right to edit. */
import { describe, expect, it } from 'vitest';

import { append, contentOf, meeting } from '../kit';

describe('close codes and roles', () => {
  it.each([
    [4401, 'UNAUTHENTICATED'],
    [4403, 'FORBIDDEN'],
    [4404, 'SPEC_NOT_FOUND'],
    [4429, 'TOO_MANY_SESSIONS']
  ])('code %i ends the session and keeps the text', (code, name) => {
    const { world, ann } = meeting();
    ann.wire.isDown = true;
    append(ann, '?');
    ann.wire.cut(code);
    world.run(120_000);
    expect(ann.connection.state).toMatchObject({ status: 'ended', canEdit: false });
    expect(ann.connection.state.error?.code).toBe(name);
    expect(ann.connection.rescued).toBe('Hello?');
    expect(ann.wire.connections).toBe(1);
  });

  it('a close after an error shows the message of that error', () => {
    const { world, server, ann } = meeting();
    const message = 'Your token lacks a scope. Ask the admin of the hub.';
    server.sessions.forEach(session =>
      session.send({ event: 'error', data: { code: 'FORBIDDEN', message, requestId: 'r' } })
    );
    world.run(100);
    ann.wire.cut(4403);
    world.run(1_000);
    expect(ann.connection.state.error).toMatchObject({ code: 'FORBIDDEN', message });
  });

  it('a session whose login expired continues with the same text after a new login', () => {
    const { world, server, ann } = meeting();
    append(ann, '?');
    ann.wire.cut(4401);
    world.run(1_000);
    ann.connection.reconnectNow();
    world.run(1_000);
    expect(ann.connection.state.status).toBe('synchronised');
    expect(server.text.toString()).toBe('Hello?');
  });

  it('a lower role rescues unsent edits once the operation in flight is answered', () => {
    const { world, server, ann, bob } = meeting();
    append(ann, ' sent');
    append(ann, ' and waiting');
    server.sessions.forEach(session => {
      if (session.user.userName === 'Ann') {
        session.send({ event: 'role_changed', data: { role: 'viewer' } });
      }
    });
    world.run(2_000);
    const { rescued } = ann.connection;
    expect(rescued ?? server.text.toString()).toBe('Hello sent and waiting');
    expect(ann.connection.state).toMatchObject({ status: 'synchronised', canEdit: false });
    append(bob, '!');
    world.run(500);
    expect(contentOf(ann)).toBe(server.text.toString());
    expect(contentOf(ann).startsWith('Hello')).toBe(true);
  });

  it('a session of a missing spec continues once the spec exists, if all edits were saved', () => {
    const { world, server, ann } = meeting();
    ann.wire.cut(4404);
    world.run(1_000);
    expect(ann.connection.state).toMatchObject({ status: 'ended' });
    ann.connection.reconnectNow();
    world.run(1_000);
    append(ann, '!');
    world.run(1_000);
    expect(server.text.toString()).toBe('Hello!');
  });

  it('a deleted spec has another error code than a missing one', () => {
    const { world, server, ann } = meeting();
    server.sessions.forEach(session =>
      session.send({ event: 'document_deleted', data: { specId: 'spec' } })
    );
    world.run(100);
    ann.wire.cut(4404);
    world.run(100);
    expect(ann.connection.state.error?.code).toBe('SPEC_DELETED');
  });

  it('a lower role leaves the text read-only and up to date', () => {
    const { world, server, ann, bob } = meeting();
    server.sessions.forEach(session => {
      if (session.user.userName === 'Ann') {
        session.send({ event: 'role_changed', data: { role: 'viewer' } });
      }
    });
    world.run(100);
    expect(ann.connection.state).toMatchObject({ role: 'viewer', canEdit: false });
    append(ann, 'no');
    append(bob, ' yes');
    world.run(200);
    expect(contentOf(ann)).toBe('Hello yes');
  });
});
