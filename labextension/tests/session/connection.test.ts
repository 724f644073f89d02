// @vitest-environment node
import { afterEach, describe, expect, it, vi } from 'vitest';

import { type ConnectionState, SpecConnection } from '../../src/session';
import { Operation } from '../../src/text';
import {
  append,
  connect,
  contentOf,
  isSynchronised,
  meeting,
  Server,
  type,
  userOf,
  Wire,
  World
} from '../kit';

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

  it('accepts no edits before there is a document', () => {
    const world = new World();
    const ann = connect(world, new Server(world, 'Hello'));
    expect(ann.connection.state).toMatchObject({ status: 'connecting', canEdit: false });
    append(ann, 'too early');
    world.runUntil(() => isSynchronised(ann));
    expect(contentOf(ann)).toBe('Hello');
  });

  it('shows an edit at once and sends it to the others', () => {
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

  it('puts the later of two inserts at one position first', () => {
    const { world, ann, bob } = meeting('');
    ann.wire.weather = { latency: [1, 1] };
    bob.wire.weather = { latency: [50, 50] };
    type(ann, 0, 'first');
    type(bob, 0, 'second ');
    world.run(500);
    expect(contentOf(ann)).toBe('second first');
    expect(contentOf(bob)).toBe('second first');
  });

  it('notifies subscribers only of changed states', () => {
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

  it('splits a long edit into operations, and reports how many are left', () => {
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

  it('passes all changes to each view in order, even if a view edits while it is notified', () => {
    const { world, ann, bob } = meeting('');
    const { connection } = ann;
    const quiet = connection.attach(() => undefined);
    // Two views that both react to a change before the other is notified of it.
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

  it('notifies all listeners even if one throws', () => {
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

describe('the entry of the spec', () => {
  it('that somebody else changed is passed on, as is each join', () => {
    const world = new World();
    const server = new Server(world, 'Hello');
    const wire = new Wire(world, server, userOf('Ann'));
    const heard: string[] = [];
    const connection = SpecConnection.acquire({
      specId: 'spec',
      server: 'entry',
      openTransport: wire.open,
      environment: world.environment,
      joined: () => heard.push('joined'),
      specChanged: ({ title }) => heard.push(title)
    });
    world.runUntil(() => connection.state.status === 'synchronised');
    const news = { description: '', type: '', status: 'draft', lastModified: '' };
    server.sessions.forEach(session =>
      session.send({ event: 'spec_changed', data: { ...news, title: 'Renamed' } })
    );
    world.run(1_000);
    wire.cut();
    world.run(10_000);
    expect(heard).toEqual(['joined', 'Renamed', 'joined']);
    connection.release();
  });
});
