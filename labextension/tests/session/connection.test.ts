import { describe, expect, it } from 'vitest';

import { append, connect, contentOf, isSynchronised, Server, type, userOf, World } from './kit';

function meeting(content = 'Hello', seed = 1) {
  const world = new World(seed);
  const server = new Server(world, content);
  const ann = connect(world, server, userOf('Ann'));
  const bob = connect(world, server, userOf('Bob'));
  world.runUntil(() => isSynchronised(ann) && isSynchronised(bob));
  return { world, server, ann, bob };
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
      transport: 'fake'
    });
    expect(ann.connection.state.me?.userName).toBe('Ann');
  });

  it('brings an edit to the others', () => {
    const { world, server, ann, bob } = meeting();
    append(ann, ' world');
    expect(contentOf(ann)).toBe('Hello world');
    expect(ann.connection.state).toMatchObject({ status: 'saving', pendingOperations: 1 });
    expect(ann.connection.hasUnsaved).toBe(true);
    world.run(100);
    expect(contentOf(bob)).toBe('Hello world');
    expect(server.text.toString()).toBe('Hello world');
    expect(ann.connection.state).toMatchObject({ status: 'synchronised', version: 2 });
  });

  it('merges what two type at once', () => {
    const { world, ann, bob } = meeting();
    type(ann, 0, 'A');
    type(bob, 5, 'B');
    world.run(100);
    expect(contentOf(ann)).toBe('AHelloB');
    expect(contentOf(bob)).toBe('AHelloB');
  });
});
