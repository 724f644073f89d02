// @vitest-environment node
/** A connection with two transports: the choice between them, and the switch from one to the other. */
import { describe, expect, it } from 'vitest';

import type { ConnectionState } from '../../src/session';
import {
  append,
  type Client,
  connect,
  connectBy,
  contentOf,
  isSynchronised,
  Server,
  userOf,
  FallbackWire,
  World
} from '../kit';

interface Scene {
  readonly world: World;
  readonly server: Server;
  readonly ann: Client<FallbackWire>;
  /** All states of Ann's connection that were shown. */
  readonly shown: ConnectionState[];
}

function scene(prepare: (wire: FallbackWire) => void = () => undefined, seed = 1): Scene {
  const world = new World(seed);
  const server = new Server(world, 'Hello');
  const wire = new FallbackWire(world, server, userOf('Ann'));
  prepare(wire);
  const ann = connectBy(world, wire);
  const shown: ConnectionState[] = [];
  ann.connection.subscribe(state => shown.push(state));
  return { world, server, ann, shown };
}

function blockSockets(wire: FallbackWire): void {
  wire.socket.isDown = true;
}

function sentTwice(server: Server): number {
  return [...server.sent.values()].filter(frames => frames.length > 1).length;
}

describe('with WebSockets blocked', () => {
  it('a connection opens over plain requests at once, and reports it', () => {
    const { world, ann, shown } = scene(blockSockets);
    world.runUntil(() => isSynchronised(ann));
    expect(world.now).toBeLessThan(100);
    expect(ann.connection.state).toMatchObject({ transport: 'polling', obstacle: 'unopened' });
    expect(ann.connection.state.me).toMatchObject({ userId: 'user-Ann', userName: 'Ann' });
    expect(shown.some(({ status }) => status === 'offline')).toBe(false);
  });

  it('a connection opens over plain requests if WebSockets neither open nor fail', () => {
    const { world, ann } = scene(wire => (wire.socket.isMute = true));
    world.runUntil(() => isSynchronised(ann));
    expect(world.now).toBeLessThan(6_100);
    expect(ann.connection.state.obstacle).toBe('unopened');
  });

  it('the next connection of the page does not try a WebSocket first', () => {
    const { world, server, ann } = scene(blockSockets);
    world.runUntil(() => isSynchronised(ann));
    const other = new FallbackWire(world, server, userOf('Ann'), ann.wire.reachability);
    other.socket.isMute = true;
    const second = connectBy(world, other);
    world.run(100);
    expect(second.connection.state).toMatchObject({
      status: 'synchronised',
      transport: 'polling'
    });
  });

  it('edits are exchanged between users on different transports', () => {
    const { world, server, ann } = scene(blockSockets);
    const bob = connect(world, server, userOf('Bob'));
    world.runUntil(() => isSynchronised(ann) && isSynchronised(bob));
    for (let index = 0; index < 20; index++) {
      append(ann, 'a');
      append(bob, 'b');
      world.run(100);
    }
    world.run(2_000);
    expect(contentOf(ann)).toBe(contentOf(bob));
    expect(server.text.toString()).toBe(contentOf(ann));
    expect([...contentOf(ann)].filter(letter => letter === 'a')).toHaveLength(20);
    expect([...contentOf(ann)].filter(letter => letter === 'b')).toHaveLength(20);
  });

  it('a connection keeps trying WebSockets, less and less often', () => {
    const { world, ann } = scene(blockSockets);
    world.run(60 * 60_000);
    expect(ann.wire.socket.connections).toBeGreaterThan(10);
    expect(ann.wire.socket.connections).toBeLessThan(20);
    expect(ann.wire.requests.connections).toBe(1);
  });
});

describe('a WebSocket that gets through later', () => {
  it('takes over during typing, without a notice, a loss or a duplicate', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { world, server, ann, shown } = scene(blockSockets, seed);
      world.runUntil(() => isSynchronised(ann));
      ann.wire.weather = { latency: [5, 120] };
      const { sessionId } = ann.connection.state.me!;
      world.after(world.chance.between(1_000, 3_000), () => (ann.wire.socket.isDown = false));
      for (let index = 0; index < 300; index++) {
        append(ann, String.fromCodePoint(0x4e00 + index));
        world.run(100);
      }
      world.runUntil(() => isSynchronised(ann));
      expect(ann.connection.state).toMatchObject({ transport: 'websocket', obstacle: null });
      expect(ann.connection.state.me?.sessionId).toBe(sessionId);
      expect(shown.some(({ status }) => status === 'offline')).toBe(false);
      const typed = Array.from({ length: 300 }, (_, index) => String.fromCodePoint(0x4e00 + index));
      expect(server.text.toString()).toBe('Hello' + typed.join(''));
      for (const frames of server.sent.values()) {
        expect(new Set(frames).size).toBe(1);
      }
    }
  });

  it('ends the polling', () => {
    const { world, server, ann } = scene(blockSockets);
    world.runUntil(() => isSynchronised(ann));
    ann.wire.socket.isDown = false;
    world.run(20_000);
    const { made } = ann.wire.requests;
    const before = made.length;
    world.run(120_000);
    expect(made).toHaveLength(before);
    expect(server.sessions).toHaveLength(1);
    expect(sentTwice(server)).toBe(0);
  });
});

describe('short-lived WebSockets', () => {
  it('are given up after three losses, and tried again much later', () => {
    const { world, ann, shown } = scene();
    const cutAll = () => {
      ann.wire.socket.cut();
      world.after(4_000, cutAll);
    };
    world.after(4_000, cutAll);
    world.run(40_000);
    expect(ann.connection.state).toMatchObject({ transport: 'polling', obstacle: 'shortLived' });
    const tried = ann.wire.socket.connections;
    const losses = shown.length;
    world.run(10 * 60_000);
    expect(ann.wire.socket.connections - tried).toBeLessThan(6);
    expect(shown.slice(losses).some(({ status }) => status === 'offline')).toBe(false);
    expect(ann.connection.state.status).toBe('synchronised');
  });

  it('are not given up if each lives for half a minute', () => {
    const { world, ann } = scene();
    for (let loss = 0; loss < 10; loss++) {
      world.run(40_000);
      ann.wire.socket.cut();
    }
    world.run(10_000);
    expect(ann.connection.state.transport).toBe('websocket');
    expect(ann.wire.requests.connections).toBe(0);
  });
});

describe('an unreachable server', () => {
  it('is reached by a WebSocket again, whichever transport recovers first', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { world, server, ann } = scene(() => undefined, seed);
      world.runUntil(() => isSynchronised(ann));
      ann.wire.isDown = true;
      ann.wire.cut();
      append(ann, '!');
      world.run(world.chance.between(1_000, 90_000));
      expect(ann.connection.state.status).toBe('offline');
      // A server that starts may answer requests a moment before it takes WebSockets.
      ann.wire.requests.isDown = false;
      world.run(world.chance.between(0, 5_000));
      ann.wire.isDown = false;
      world.run(60_000);
      expect(ann.connection.state).toMatchObject({
        status: 'synchronised',
        transport: 'websocket'
      });
      expect(server.text.toString()).toBe('Hello!');
    }
  });

  it('is noticed over plain requests as soon as a request fails', () => {
    const { world, ann } = scene(blockSockets);
    world.runUntil(() => isSynchronised(ann));
    ann.wire.isDown = true;
    ann.wire.cut();
    world.run(2_000);
    expect(ann.connection.state.status).toBe('offline');
    expect(ann.connection.state.retryInSeconds).toBeGreaterThan(0);
    ann.connection.reconnectNow();
    ann.wire.requests.isDown = false;
    world.run(60_000);
    expect(ann.connection.state).toMatchObject({ status: 'synchronised', transport: 'polling' });
  });

  it('is joined again without a notice if it has dropped the session', () => {
    const { world, server, ann, shown } = scene(blockSockets);
    world.runUntil(() => isSynchronised(ann));
    append(ann, '!');
    ann.wire.requests.polls.forget();
    world.run(5_000);
    expect(isSynchronised(ann)).toBe(true);
    expect(server.text.toString()).toBe('Hello!');
    expect(shown.some(({ status }) => status === 'offline')).toBe(false);
  });
});

describe('a session over plain requests', () => {
  it('continues as a new session if another tab took it over', () => {
    const { world, server, ann } = scene(blockSockets);
    world.runUntil(() => isSynchronised(ann));
    const { sessionId } = ann.connection.state.me!;
    const copy = server.open(
      userOf('Ann'),
      () => undefined,
      () => undefined
    );
    copy.handle({ event: 'join_session', data: { specId: 'spec', sessionId: sessionId! } });
    world.run(2_000);
    expect(ann.connection.state.status).toBe('synchronised');
    expect(ann.connection.state.me?.sessionId).not.toBe(sessionId);
    expect(server.sessions).toHaveLength(2);
  });

  it('is left when its last view is closed', () => {
    const { world, server, ann } = scene(blockSockets);
    world.runUntil(() => isSynchronised(ann));
    append(ann, '!');
    ann.connection.release();
    world.run(1_000);
    expect(server.text.toString()).toBe('Hello!');
    expect(server.sessions).toEqual([]);
    const { length } = ann.wire.requests.made;
    world.run(60_000);
    expect(ann.wire.requests.made).toHaveLength(length);
  });

  it('notices within 15 s that no request gets through', () => {
    const { world, server, ann, shown } = scene(blockSockets);
    world.runUntil(() => isSynchronised(ann));
    world.run(7_000);
    ann.wire.requests.freeze();
    append(ann, '!');
    world.run(15_000);
    expect(shown.some(({ status }) => status === 'offline')).toBe(true);
    world.run(5_000);
    expect(server.text.toString()).toBe('Hello!');
  });
});
