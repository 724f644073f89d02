// @vitest-environment node
/** A client that can’t get the operations since its version: its edits are merged into the text once. */
import { describe, expect, it } from 'vitest';

import {
  append,
  away,
  back,
  connect,
  contentOf,
  isSynchronised,
  meeting,
  Server,
  type,
  userOf,
  World
} from '../kit';

describe('text without a list of operations since the version', () => {
  it('is adopted if there are no unsent edits', () => {
    const all = meeting('one two three');
    all.server.longestList = 0;
    away(all, all.ann, () => type(all.bob, 4, 'TWO', 3));
    back(all, all.ann);
    expect(contentOf(all.ann)).toBe('one TWO three');
    expect(all.ann.connection.state.notice).toBeNull();
  });

  it('is merged with unsent edits, and the user is notified', () => {
    const all = meeting('one two three');
    all.server.longestList = 0;
    away(all, all.ann, () => {
      append(all.ann, ' four');
      type(all.bob, 0, 'zero ');
    });
    back(all, all.ann);
    expect(contentOf(all.ann)).toBe('zero one two three four');
    expect(all.server.text.toString()).toBe('zero one two three four');
    expect(all.ann.connection.state.notice?.code).toBe('MERGED');
    all.ann.connection.dismissNotice();
    expect(all.ann.connection.state.notice).toBeNull();
  });

  it('contains an edit once if its acknowledgement was lost', () => {
    const all = meeting('one two three');
    const { world, server, ann, bob } = all;
    append(ann, ' four');
    world.runUntil(() => server.version === 2);
    server.longestList = 0;
    away(all, ann, () => {
      type(ann, 0, 'zero ');
      type(bob, 4, '2', 3);
    });
    back(all, ann);
    expect(contentOf(ann)).toBe('zero one 2 three four');
    expect(contentOf(bob)).toBe(contentOf(ann));
  });

  it('is merged after a restore from a backup', () => {
    const all = meeting('one two three');
    away(all, all.ann, () => {
      append(all.ann, ' four');
      all.server.restore('uno two three', 40);
    });
    back(all, all.ann);
    expect(contentOf(all.ann)).toBe('uno two three four');
    expect(all.ann.connection.state.notice?.code).toBe('HISTORY_REPLACED');
    expect(all.ann.connection.state.version).toBe(41);
  });

  it('is transformed over conflicting operations and resent under the same id', () => {
    const all = meeting('one');
    const { world, server, ann, bob } = all;
    server.limits = { ...server.limits, maxStaleVersions: 2 };
    server.refuseWith = { code: 'RATE_LIMITED', retryAfterMs: 3_000 };
    append(ann, ' two');
    world.run(100);
    server.refuseWith = null;
    for (let index = 0; index < 5; index++) {
      type(bob, 0, '>');
      world.run(100);
    }
    world.run(10_000);
    expect(contentOf(ann)).toBe('>>>>>one two');
    expect(contentOf(bob)).toBe(contentOf(ann));
    expect(server.sent.size).toBe(6);
    expect(ann.connection.state.notice).toBeNull();
  });

  it('is requested on a new connection if the server does not answer', () => {
    const world = new World();
    const server = new Server(world, 'one');
    let isDeaf = true;
    const ann = connect(world, server, userOf('Ann'), event =>
      isDeaf && event.event === 'request_sync' ? { event: 'ping', data: {} } : event
    );
    world.runUntil(() => isSynchronised(ann));
    server.refuseWith = { code: 'OPERATION_ID_REUSED' };
    append(ann, ' two');
    world.run(10_000);
    expect(ann.connection.state.status).toBe('saving');
    server.refuseWith = null;
    isDeaf = false;
    world.run(60_000);
    expect(ann.connection.state.status).toBe('synchronised');
    expect(server.text.toString()).toBe('one two');
  });

  it('is merged if the operation id was already used', () => {
    const all = meeting('one');
    const { world, server, ann, bob } = all;
    server.refuseWith = { code: 'OPERATION_ID_REUSED' };
    append(ann, ' two');
    world.runUntil(() => server.refusals.length === 1);
    server.refuseWith = null;
    world.run(1_000);
    expect(contentOf(bob)).toBe('one two');
    expect(ann.connection.state).toMatchObject({ status: 'synchronised' });
  });
});
