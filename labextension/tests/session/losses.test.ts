// @vitest-environment node
/** A lost connection: it is opened again, the session is resumed, and edits are kept. */
import { describe, expect, it } from 'vitest';

import { append, away, back, contentOf, isSynchronised, meeting } from '../kit';

describe('after a lost connection, the client', () => {
  it('keeps edits, counts down, and sends them after reconnecting', () => {
    const all = meeting();
    const { world, server, ann, bob } = all;
    away(all, ann, () => {
      append(ann, ' from Ann');
      append(bob, ' from Bob');
    });
    expect(ann.connection.state).toMatchObject({ status: 'offline', pendingOperations: 1 });
    expect(ann.connection.state.retryInSeconds).toBeGreaterThan(0);
    back(all, ann);
    expect(contentOf(ann)).toBe('Hello from Ann from Bob');
    expect(server.text.toString()).toBe(contentOf(ann));
    expect(contentOf(bob)).toBe(contentOf(ann));
    expect(world.now).toBeGreaterThan(0);
  });

  it('tries less and less often, and never stops', () => {
    const all = meeting();
    away(all, all.ann, () => append(all.ann, '!'));
    all.world.run(10 * 60_000);
    const { connections } = all.ann.wire;
    expect(connections).toBeGreaterThan(15);
    expect(connections).toBeLessThan(40);
    expect(all.ann.connection.state.attempts).toBeGreaterThan(5);
    back(all, all.ann);
    expect(all.server.text.toString()).toBe('Hello!');
  });

  it('tries at once when asked to, and when the page wakes', () => {
    const all = meeting();
    away(all, all.ann, () => undefined);
    all.world.run(120_000);
    all.ann.wire.isDown = false;
    all.ann.connection.reconnectNow();
    all.world.run(100);
    expect(all.ann.connection.state.status).toBe('synchronised');
    away(all, all.bob, () => undefined);
    all.world.run(120_000);
    all.bob.wire.isDown = false;
    all.world.wake();
    all.world.run(100);
    expect(all.bob.connection.state.status).toBe('synchronised');
  });

  it.each([0, 1_000, 4_990, 5_005, 12_345])(
    'notices within 15 s a connection that became half open %i ms after joining',
    moment => {
      const { world, server, ann } = meeting();
      world.run(moment);
      ann.wire.freeze();
      append(ann, '!');
      const frozenAt = world.now;
      world.runUntil(() => ann.connection.state.status === 'offline');
      expect(world.now - frozenAt).toBeLessThanOrEqual(15_100);
      world.run(5_000);
      expect(server.text.toString()).toBe('Hello!');
      expect(ann.wire.connections).toBe(2);
    }
  );

  it('checks its connection when the page wakes, and reconnects at once if it is dead', () => {
    const { world, server, ann } = meeting();
    ann.wire.freeze();
    append(ann, '!');
    world.wake();
    world.run(3_100);
    expect(server.text.toString()).toBe('Hello!');
    expect(ann.connection.state.status).toBe('synchronised');
  });

  it('notices within two seconds that the network is gone', () => {
    const { world, server, ann } = meeting();
    world.run(7_000);
    ann.wire.freeze();
    append(ann, '!');
    world.loseNetwork();
    world.run(1_100);
    expect(ann.connection.state).toMatchObject({ status: 'offline', pendingOperations: 1 });
    expect(ann.connection.state.lostSince).toBe(world.now - 100);
    world.wake();
    world.run(500);
    expect(server.text.toString()).toBe('Hello!');
    expect(ann.connection.state).toMatchObject({ status: 'synchronised', lostSince: null });
  });

  it('stays connected to a server that needs no network', () => {
    const { world, ann } = meeting();
    world.loseNetwork();
    world.run(60_000);
    expect(ann.wire.connections).toBe(1);
    expect(ann.connection.state.status).toBe('synchronised');
  });

  it('does not wait for an attempt that began without a network', () => {
    const { world, server, ann } = meeting();
    ann.wire.isMute = true;
    append(ann, '!');
    ann.wire.cut();
    world.run(10_000);
    expect(ann.connection.state.status).toBe('offline');
    ann.wire.isMute = false;
    world.wake();
    world.run(500);
    expect(server.text.toString()).toBe('Hello!');
  });

  it('keeps a connection that survived the sleep', () => {
    const { world, ann } = meeting();
    world.run(60_000);
    world.wake();
    world.run(10_000);
    expect(ann.wire.connections).toBe(1);
  });

  it('treats its own operation in the list of missed operations as acknowledged', () => {
    const { world, server, ann } = meeting();
    append(ann, '!');
    world.runUntil(() => server.version === 2);
    ann.wire.cut();
    world.run(10_000);
    expect(server.text.toString()).toBe('Hello!');
    expect([...server.sent.values()].flat().length).toBe(1);
    expect(isSynchronised(ann)).toBe(true);
  });

  it('joins as a new session if its own was taken over', () => {
    const { world, ann, bob } = meeting();
    const before = ann.connection.state.me?.sessionId;
    ann.wire.cut(4409);
    world.run(2_000);
    expect(ann.connection.state.status).toBe('synchronised');
    expect(ann.connection.state.me?.sessionId).not.toBe(before);
    append(ann, '!');
    world.run(200);
    expect(contentOf(bob)).toBe('Hello!');
  });

  it('resumes its session otherwise', () => {
    const { world, ann } = meeting();
    const before = ann.connection.state.me?.sessionId;
    ann.wire.cut();
    world.run(3_000);
    expect(ann.connection.state.me?.sessionId).toBe(before);
  });
});
