// @vitest-environment node
/** Operations that the server refuses. */
import { describe, expect, it } from 'vitest';

import { append, contentOf, meeting } from '../kit';

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
