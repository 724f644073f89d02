// @vitest-environment node
/** Edits that outlive their page: after a reload or a crash they are restored and sent once. */
import { describe, expect, it } from 'vitest';

import {
  append,
  Browser,
  connect,
  connectPage,
  contentOf,
  isSynchronised,
  Polls,
  RequestWire,
  Server,
  type,
  userOf,
  Wire,
  World
} from '../kit';
import { ANN, comeBack, desk, goOffline, reload } from './desk';

describe('unsent edits', () => {
  it('are restored after a reload, also without a network, and are sent once', () => {
    const all = desk();
    goOffline(all);
    append(all.ann, ' offline');
    reload(all, { isDown: true });
    expect(contentOf(all.ann)).toBe('Hello offline');
    expect(all.ann.connection.state).toMatchObject({
      status: 'offline',
      canEdit: true,
      pendingOperations: 1
    });
    append(all.ann, ' again');
    all.ann.wire.isDown = false;
    all.world.run(60_000);
    expect(all.server.text.toString()).toBe('Hello offline again');
    expect(isSynchronised(all.ann)).toBe(true);
    expect([...all.browser.kept.keys()]).toEqual([]);
  });

  it('survive a crash, except those of the last quarter of a second', () => {
    const all = desk();
    goOffline(all);
    append(all.ann, ' kept');
    all.world.run(260);
    append(all.ann, ' lost');
    all.page.crash();
    comeBack(all);
    all.world.run(1_000);
    expect(all.server.text.toString()).toBe('Hello kept');
  });

  it('are resent under their id if they were in flight', () => {
    const all = desk();
    all.ann.wire.freeze();
    append(all.ann, '!');
    all.world.run(100);
    const [id] = [...all.server.sent.keys()];
    expect(id).toBeUndefined();
    append(all.ann, '?');
    all.world.run(300);
    all.page.crash();
    comeBack(all);
    all.world.run(5_000);
    expect(all.server.text.toString()).toBe('Hello!?');
  });

  it('are not committed twice if only their acknowledgement is missing', () => {
    const all = desk();
    append(all.ann, '!');
    all.world.runUntil(() => all.server.version === 2);
    all.page.crash();
    comeBack(all);
    all.world.run(5_000);
    expect(all.server.text.toString()).toBe('Hello!');
    expect(new Set([...all.server.sent.values()].flat()).size).toBe(1);
  });

  it('are merged with the edits of others in the meantime', () => {
    const all = desk('one two three');
    const bob = connect(all.world, all.server, userOf('Bob'));
    goOffline(all);
    type(all.ann, 4, '2', 3);
    all.page.leave();
    all.world.runUntil(() => isSynchronised(bob));
    type(bob, 0, 'zero ');
    all.world.run(100);
    comeBack(all);
    all.world.run(5_000);
    expect(contentOf(all.ann)).toBe('zero one 2 three');
    expect(contentOf(bob)).toBe('zero one 2 three');
  });

  it('stay with their page if the tab is duplicated', () => {
    const all = desk();
    goOffline(all);
    append(all.ann, ' mine');
    all.world.run(1_000);
    const copy = connectPage(
      all.browser.page(all.tab.duplicate()),
      new Wire(all.world, all.server, ANN)
    );
    all.world.run(1_000);
    expect(contentOf(copy)).toBe('Hello');
    expect(copy.connection.state.me?.sessionId).not.toBe(all.ann.connection.state.me?.sessionId);
    all.ann.wire.isDown = false;
    all.world.run(60_000);
    expect(all.server.text.toString()).toBe('Hello mine');
    expect(contentOf(copy)).toBe('Hello mine');
  });

  it('of a closed tab are taken over by the next tab', () => {
    const all = desk();
    goOffline(all);
    append(all.ann, ' mine');
    all.page.leave();
    const others = [1, 2].map(() =>
      connectPage(all.browser.page(), new Wire(all.world, all.server, ANN))
    );
    all.world.run(5_000);
    expect(all.server.text.toString()).toBe('Hello mine');
    expect(others.map(contentOf)).toEqual(['Hello mine', 'Hello mine']);
  });

  it('of another user of this browser are rescued', () => {
    const all = desk();
    goOffline(all);
    append(all.ann, ' by Ann');
    reload(all, { user: userOf('Bob') });
    all.world.run(5_000);
    expect(contentOf(all.ann)).toBe('Hello');
    expect(all.server.text.toString()).toBe('Hello');
    const [kept, ...others] = [...all.browser.kept.values()];
    expect(others).toEqual([]);
    expect(kept).toMatchObject({ me: { userName: 'Ann' }, ending: { code: 'OTHER_USER' } });
    append(all.ann, ' by Bob');
    all.world.run(5_000);
    expect(all.server.text.toString()).toBe('Hello by Bob');
  });

  it.each([
    ['a WebSocket', (world: World, server: Server) => new Wire(world, server, ANN)],
    [
      'plain requests',
      (world: World, server: Server) => new RequestWire(world, new Polls(server), ANN)
    ]
  ])('are rescued if the page’s login changes to another user, over %s', (_, over) => {
    const world = new World();
    const server = new Server(world, 'Hello');
    const browser = new Browser(world);
    const wire: Wire | RequestWire = over(world, server);
    const client = connectPage(browser.page(), wire);
    world.runUntil(() => isSynchronised(client));
    const session = client.connection.state.me?.sessionId;
    wire.freeze();
    append(client, ' by Ann');
    world.run(1_000);
    wire.user = userOf('Bob');
    wire.cut();
    world.run(60_000);
    expect(client.connection.state.me).toMatchObject({ userId: 'user-Bob', userName: 'Bob' });
    expect(client.connection.state.me?.sessionId).not.toBe(session);
    expect(client.connection.state.notice?.code).toBe('OTHER_USER');
    expect(contentOf(client)).toBe('Hello');
    expect(server.text.toString()).toBe('Hello');
    const [kept] = [...browser.kept.values()];
    expect(kept).toMatchObject({ me: { userName: 'Ann' }, ending: { code: 'OTHER_USER' } });
    append(client, ' by Bob');
    world.run(5_000);
    expect(server.text.toString()).toBe('Hello by Bob');
    expect(server.log.at(-1)?.userName).toBe('Bob');
  });

  it('are rescued if the spec was deleted, and stay rescued after a reload', () => {
    const all = desk();
    all.ann.wire.freeze();
    append(all.ann, ' too late');
    all.world.run(1_000);
    all.ann.wire.cut(4404);
    expect(all.ann.connection.rescued).toBe('Hello too late');
    all.world.run(1_000);
    reload(all);
    expect(contentOf(all.ann)).toBe('Hello');
    all.world.run(60_000);
    const [kept] = [...all.browser.kept.values()];
    expect(all.browser.kept.size).toBe(1);
    expect(kept).toMatchObject({ ending: { code: 'SPEC_NOT_FOUND' } });
  });

  it.each([1, 100, 300, 5_000])(
    'are not rescued if they were acknowledged %i ms before the end',
    ms => {
      const all = desk();
      append(all.ann, '!');
      all.world.runUntil(() => all.server.text.toString() === 'Hello!' && isSynchronised(all.ann));
      all.world.run(ms);
      all.ann.wire.cut(4404);
      all.world.run(100);
      all.ann.connection.release();
      all.world.run(1_000);
      expect(all.browser.kept.size).toBe(0);
    }
  );

  it('are reported as not stored if storage fails, and are sent anyway', () => {
    const all = desk();
    all.browser.isFull = true;
    append(all.ann, '!');
    all.world.run(1_000);
    expect(all.server.text.toString()).toBe('Hello!');
    expect(all.ann.connection.state.isKeeping).toBe(false);
    all.browser.isFull = false;
    all.world.run(40_000);
    append(all.ann, '?');
    all.world.run(1_000);
    expect(all.ann.connection.state.isKeeping).toBe(true);
  });

  it('stay stored while a later write fails and nothing can be sent', () => {
    const all = desk();
    goOffline(all);
    append(all.ann, ' kept');
    all.world.run(1_000);
    all.browser.isFull = true;
    append(all.ann, ' lost');
    all.world.run(5_000);
    expect(all.ann.connection.state.isKeeping).toBe(false);
    all.page.crash();
    all.browser.isFull = false;
    comeBack(all);
    all.world.run(5_000);
    expect(all.server.text.toString()).toBe('Hello kept');
  });

  it('survive a crash while the storage takes minutes for a write', () => {
    const all = desk();
    goOffline(all);
    all.browser.latency = [100_000, 100_000];
    append(all.ann, ' kept');
    all.world.run(4_000);
    expect(all.ann.connection.state.isKeeping).toBe(true);
    all.page.crash();
    all.browser.latency = [1, 3];
    comeBack(all);
    all.world.run(20_000);
    expect(all.server.text.toString()).toBe('Hello kept');
    expect([...all.browser.kept.keys()]).toEqual([]);
  });

  it('are reported as not stored if they find room nowhere', () => {
    const all = desk();
    goOffline(all);
    all.browser.latency = [100_000, 100_000];
    all.browser.isBackupFull = true;
    append(all.ann, '!');
    all.world.run(4_000);
    expect(all.ann.connection.state.isKeeping).toBe(false);
  });

  it('of which a part is missing are not written over', () => {
    const all = desk();
    goOffline(all);
    append(all.ann, ' kept');
    all.world.run(1_000);
    const [owner] = [...all.browser.kept.keys()];
    all.page.leave();
    all.browser.texts.clear();
    comeBack(all);
    append(all.ann, '!');
    all.world.run(60_000);
    expect(all.server.text.toString()).toBe('Hello!');
    expect([...all.browser.kept.keys()]).toEqual([owner]);
  });

  it('do not keep their spec closed if the storage never answers', () => {
    const all = desk();
    all.browser.latency = [1e9, 1e9];
    const ann = connectPage(all.browser.page(), new Wire(all.world, all.server, ANN));
    all.world.run(6_000);
    expect(contentOf(ann)).toBe('Hello');
  });

  it('wait at most three seconds for storage that does not answer', () => {
    const all = desk();
    all.browser.latency = [60_000, 60_000];
    append(all.ann, '!');
    all.world.run(2_000);
    expect(all.server.text.toString()).toBe('Hello');
    all.world.run(1_500);
    expect(all.server.text.toString()).toBe('Hello!');
  });
});

describe('a session', () => {
  it('is the same after a reload', () => {
    const all = desk();
    const { sessionId } = all.ann.connection.state.me!;
    reload(all);
    expect(all.ann.connection.state.me!.sessionId).toBe(sessionId);
    expect(all.server.sessions.length).toBe(1);
  });

  it('is a new one in a duplicate of the tab, and the first one continues', () => {
    const all = desk();
    const { sessionId } = all.ann.connection.state.me!;
    const copy = connectPage(
      all.browser.page(all.tab.duplicate()),
      new Wire(all.world, all.server, ANN)
    );
    all.world.run(1_000);
    expect(copy.connection.state.status).toBe('synchronised');
    expect(copy.connection.state.me!.sessionId).not.toBe(sessionId);
    expect(all.ann.wire.connections).toBe(1);
  });
});
