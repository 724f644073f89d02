// @vitest-environment node
import { afterEach, describe, expect, it, vi } from 'vitest';

import { type ConnectionState, SpecConnection } from '../../src/session';
import { Operation } from '../../src/text';
import {
  append,
  type Client,
  connect,
  contentOf,
  isSynchronised,
  Server,
  type,
  userOf,
  Wire,
  World
} from '../kit';

interface Meeting {
  readonly world: World;
  readonly server: Server;
  readonly ann: Client;
  readonly bob: Client;
}

function meeting(content = 'Hello', seed = 1): Meeting {
  const world = new World(seed);
  const server = new Server(world, content);
  const ann = connect(world, server, userOf('Ann'));
  const bob = connect(world, server, userOf('Bob'));
  world.runUntil(() => isSynchronised(ann) && isSynchronised(bob));
  return { world, server, ann, bob };
}

/** Cuts someone's network and lets them and the others type. */
function away({ world }: Meeting, client: Client, meanwhile: () => void): void {
  client.wire.isDown = true;
  client.wire.cut();
  world.run(100);
  meanwhile();
  world.run(1_000);
}

function back({ world }: Meeting, client: Client): void {
  client.wire.isDown = false;
  world.run(60_000);
}

describe('a connection', () => {
  it('joins and shows the text', () => {
    const { ann } = meeting('Hi 🎉');
    expect(contentOf(ann)).toBe('Hi 🎉');
    expect(ann.connection.state).toMatchObject({
      status: 'synchronised',
      version: 1,
      role: 'contributor',
      canEdit: true,
      transport: 'websocket'
    });
    expect(ann.connection.state.me?.userName).toBe('Ann');
  });

  it('takes no edits before there is a document', () => {
    const world = new World();
    const ann = connect(world, new Server(world, 'Hello'));
    expect(ann.connection.state).toMatchObject({ status: 'connecting', canEdit: false });
    append(ann, 'too early');
    world.runUntil(() => isSynchronised(ann));
    expect(contentOf(ann)).toBe('Hello');
  });

  it('shows an edit at once and brings it to the others', () => {
    const { world, server, ann, bob } = meeting();
    append(ann, ' world');
    expect(contentOf(ann)).toBe('Hello world');
    expect(ann.connection.state).toMatchObject({ status: 'saving', pendingOperations: 1 });
    expect(ann.connection.hasUnsaved).toBe(true);
    expect(SpecConnection.anyUnsaved).toBe(true);
    world.run(100);
    expect(contentOf(bob)).toBe('Hello world');
    expect(server.text.toString()).toBe('Hello world');
    expect(ann.connection.state).toMatchObject({ status: 'synchronised', version: 2 });
  });

  it('puts what was typed later to the left, in the same place', () => {
    const { world, ann, bob } = meeting('');
    ann.wire.weather = { latency: [1, 1] };
    bob.wire.weather = { latency: [50, 50] };
    type(ann, 0, 'first');
    type(bob, 0, 'second ');
    world.run(500);
    expect(contentOf(ann)).toBe('second first');
    expect(contentOf(bob)).toBe('second first');
  });

  it('tells of states that differ, and only of those', () => {
    const { world, ann, bob } = meeting();
    world.run(1_000);
    const states: ConnectionState[] = [];
    const end = ann.connection.subscribe(state => states.push(state));
    append(bob, '!');
    world.run(100);
    expect(states.map(state => state.version)).toEqual([2]);
    end();
    append(bob, '!');
    world.run(100);
    expect(states.length).toBe(1);
  });

  it('splits what is too long for one operation, and says how much is left', () => {
    const { world, server, ann, bob } = meeting('');
    const long = '🎉x'.repeat(30_000);
    append(ann, long);
    expect(ann.connection.state.pendingParts).toBeGreaterThan(8);
    type(bob, 0, 'B');
    world.runUntil(() => isSynchronised(ann) && isSynchronised(bob));
    expect(server.refusals).toEqual([]);
    expect(contentOf(bob).replace('B', '')).toBe(long);
    expect(ann.connection.state.pendingParts).toBe(0);
  });
});

describe('losing the connection', () => {
  it('keeps edits, counts down, and sends them when it is back', () => {
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
    'notices within 15 s that a connection is half open, %i ms after joining',
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

  it('looks after its connection when the page wakes, and reconnects at once where it is dead', () => {
    const { world, server, ann } = meeting();
    ann.wire.freeze();
    append(ann, '!');
    world.wake();
    world.run(3_100);
    expect(server.text.toString()).toBe('Hello!');
    expect(ann.connection.state.status).toBe('synchronised');
  });

  it('keeps a connection that outlived the sleep', () => {
    const { world, ann } = meeting();
    world.run(60_000);
    world.wake();
    world.run(10_000);
    expect(ann.wire.connections).toBe(1);
  });

  it('takes its operation in the list of what it missed for the acknowledgement', () => {
    const { world, server, ann } = meeting();
    append(ann, '!');
    world.runUntil(() => server.version === 2);
    ann.wire.cut();
    world.run(10_000);
    expect(server.text.toString()).toBe('Hello!');
    expect([...server.sent.values()].flat().length).toBe(1);
    expect(isSynchronised(ann)).toBe(true);
  });

  it('joins as a new session where its own was taken over', () => {
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

describe('text that can’t be followed step by step', () => {
  it('is replaced where nothing is unsent', () => {
    const all = meeting('one two three');
    all.server.longestList = 0;
    away(all, all.ann, () => type(all.bob, 4, 'TWO', 3));
    back(all, all.ann);
    expect(contentOf(all.ann)).toBe('one TWO three');
    expect(all.ann.connection.state.notice).toBeNull();
  });

  it('is merged where something is, and the user is told', () => {
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

  it('gets an edit once whose acknowledgement was lost', () => {
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

  it('is merged into a document that was restored from a backup', () => {
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

  it('is brought over a list of conflicting operations under the same id', () => {
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

  it('is asked for on a new connection where no answer comes', () => {
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

  it('is merged by three ways where its id was used for something else', () => {
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

describe('refusals', () => {
  it.each(['RATE_LIMITED', 'STORE_UNAVAILABLE', 'INTERNAL'])(
    'for now (%s) are waited for, and the same is sent again',
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
    'for good (%s) end it, and the text stays to be copied',
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

  it('since one may not edit any more put the edits aside, and the text goes on', () => {
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

  it('of the size after the limit was lowered make smaller parts', () => {
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

describe('endings', () => {
  it.each([
    [4401, 'UNAUTHENTICATED'],
    [4403, 'FORBIDDEN'],
    [4404, 'SPEC_NOT_FOUND'],
    [4429, 'TOO_MANY_SESSIONS']
  ])('by close code %i are final and keep the text', (code, name) => {
    const { world, ann } = meeting();
    ann.wire.isDown = true;
    append(ann, '?');
    ann.wire.cut(code);
    world.run(120_000);
    expect(ann.connection.state).toMatchObject({ status: 'ended', canEdit: false });
    expect(ann.connection.state.error?.code).toBe(name);
    expect(ann.connection.state.error?.message).toMatch(/\.$/);
    expect(ann.connection.rescued).toBe('Hello?');
    expect(ann.wire.connections).toBe(1);
  });

  it('by a refusal that the server explained are explained in its words', () => {
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

  it('of a login go on with the same text once the user has logged in again', () => {
    const { world, server, ann } = meeting();
    append(ann, '?');
    ann.wire.cut(4401);
    world.run(1_000);
    ann.connection.reconnectNow();
    world.run(1_000);
    expect(ann.connection.state.status).toBe('synchronised');
    expect(server.text.toString()).toBe('Hello?');
  });

  it('by a lower role put aside what waits, once what is under way was answered', () => {
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

  it('by a spec that is not there go on once it is, where nothing was unsaved', () => {
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

  it('by deletion are told from those by absence', () => {
    const { world, server, ann } = meeting();
    server.sessions.forEach(session =>
      session.send({ event: 'document_deleted', data: { specId: 'spec' } })
    );
    world.run(100);
    ann.wire.cut(4404);
    world.run(100);
    expect(ann.connection.state.error?.code).toBe('SPEC_DELETED');
  });

  it('by a lower role leave the text live and read-only', () => {
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

describe('sharing', () => {
  afterEach(() => vi.restoreAllMocks());

  function acquire(world: World, wire: Wire): SpecConnection {
    const environment = world.environment;
    return SpecConnection.acquire({ specId: 'shared', openTransport: wire.open, environment });
  }

  it('gives one connection to all views of a spec, and closes it after the last', () => {
    const world = new World();
    const server = new Server(world, 'Hi');
    const wire = new Wire(world, server, userOf('Ann'));
    const [one, two] = [acquire(world, wire), acquire(world, wire)];
    expect(one).toBe(two);
    world.run(100);
    one.release();
    world.run(100);
    expect(server.sessions.length).toBe(1);
    two.edit(Operation.of('! '));
    two.release();
    world.run(1_000);
    expect(server.text.toString()).toBe('! Hi');
    expect(server.sessions.length).toBe(0);
    const again = acquire(world, wire);
    expect(again).not.toBe(one);
    again.release();
  });

  it('tells each view what the others do, in order, whatever they do meanwhile', () => {
    const { world, ann, bob } = meeting('');
    const { connection } = ann;
    const quiet = connection.attach(() => undefined);
    // Two views that both react to what comes in, before the other has heard of it.
    const reacting = [1, 2].map(number => {
      let done = false;
      const view = connection.attach(() => {
        if (!done) {
          done = true;
          view.edit(Operation.of(view.text.length, `(${number})`));
        }
      });
      return view;
    });
    append(bob, 'Hi');
    world.run(500);
    const texts = [quiet, ...reacting].map(view => view.text.toString());
    expect(new Set([...texts, contentOf(ann), contentOf(bob)]).size).toBe(1);
    expect(texts[0]).toMatch(/^Hi(\(1\)\(2\)|\(2\)\(1\))$/);
  });

  it('lets no error of one listener keep another from hearing', () => {
    const reported = vi.fn();
    vi.stubGlobal('reportError', reported);
    const { world, ann, bob } = meeting('');
    ann.connection.attach(() => {
      throw new Error('broken view');
    });
    const view = ann.connection.attach(() => undefined);
    append(bob, 'Hi');
    world.run(500);
    expect(view.text.toString()).toBe('Hi');
    expect(reported).toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });
});
