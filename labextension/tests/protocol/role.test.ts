// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { mayEdit } from '../../src/protocol';
import { append, connect, contentOf, isSynchronised, Server, userOf, World } from '../kit';

describe('a role', () => {
  it('allows to edit from contributor on', () => {
    expect([null, 'viewer', 'commenter'].map(each => mayEdit(each as never))).not.toContain(true);
    expect((['contributor', 'admin', 'owner'] as const).map(mayEdit)).not.toContain(false);
  });

  it.each(['viewer', 'commenter'] as const)('of a %s lets a page join and see, not edit', role => {
    const world = new World(1);
    const server = new Server(world, 'Hello');
    server.role = role;
    const ann = connect(world, server, userOf('Ann'));
    world.runUntil(() => isSynchronised(ann));
    expect(ann.connection.state).toMatchObject({ role, canEdit: false });
    append(ann, '!');
    world.run(1_000);
    expect([contentOf(ann), server.text.toString()]).toEqual(['Hello', 'Hello']);
  });
});
