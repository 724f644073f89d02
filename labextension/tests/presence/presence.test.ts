// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fromCursor, moveBack, moveSelection, toCursor } from '../../src/sync/selection';
import { Operation, Text, transformPosition } from '../../src/text';
import { append, connect, isSynchronised, Server, type Session, type, userOf, World } from '../kit';
import { textAndOperations } from '../kit/arbitraries';

function meeting(content = 'one\ntwo\nthree') {
  const world = new World(2);
  const server = new Server(world, content);
  const ann = connect(world, server, userOf('Ann'));
  const bob = connect(world, server, userOf('Bob'));
  world.runUntil(() => isSynchronised(ann) && isSynchronised(bob));
  world.run(1_000);
  return { world, server, ann, bob };
}

describe('cursor positions', () => {
  it('convert to lines and columns of code points and back', () => {
    const text = Text.of('a🎉b\n中\n');
    const selection = { anchor: 5, head: 2 };
    expect(toCursor(selection, text)).toEqual({
      line: 0,
      column: 2,
      selection: { start: { line: 0, column: 2 }, end: { line: 1, column: 1 } }
    });
    expect(fromCursor(toCursor(selection, text), text)).toEqual(selection);
    expect(toCursor({ anchor: 3, head: 3 }, text)).toEqual({ line: 0, column: 3 });
  });

  it('are clamped to the text', () => {
    expect(fromCursor({ line: 9, column: 9 }, Text.of('ab'))).toEqual({ anchor: 2, head: 2 });
  });

  it('move with the edits of others, and right for an insert at them', () => {
    expect(moveSelection({ anchor: 2, head: 4 }, Operation.of(2, 'xx'))).toEqual({
      anchor: 4,
      head: 6
    });
  });

  it('convert back to positions before an operation', () => {
    fc.assert(
      fc.property(textAndOperations(1), fc.nat(), ([content, [operation]], seed) => {
        const before = Text.of(content);
        const after = before.apply(operation);
        const offset = seed % (after.length + 1);
        const origin = moveBack(offset, operation);
        expect(origin).toBeGreaterThanOrEqual(0);
        expect(origin).toBeLessThanOrEqual(before.length);
        // Forward again it is the same position, except next to inserted or deleted text.
        expect(transformPosition(origin, operation, 'before')).toBeLessThanOrEqual(offset);
        expect(transformPosition(origin, operation, 'after')).toBeGreaterThanOrEqual(offset);
      }),
      { numRuns: 1000 }
    );
  });
});

describe('cursors of others', () => {
  it('show their position, user and selection', () => {
    const { world, ann, bob } = meeting();
    bob.connection.setCursor({ anchor: 4, head: 7 });
    world.run(500);
    expect(ann.connection.cursors).toEqual([
      {
        sessionId: bob.connection.state.me?.sessionId,
        userId: 'user-Bob',
        userName: 'Bob',
        color: '#336699',
        anchor: 4,
        head: 7,
        moves: 1
      }
    ]);
  });

  it('move with all edits, and this does not count as a move by the user', () => {
    const { world, ann, bob } = meeting();
    bob.connection.setCursor({ anchor: 4, head: 4 });
    world.run(500);
    type(ann, 0, '🎉');
    expect(ann.connection.cursors[0]).toMatchObject({ head: 5, moves: 1 });
    type(ann, 5, 'x');
    expect(ann.connection.cursors[0]).toMatchObject({ head: 6 });
    world.run(500);
    expect(bob.connection.document.toString()).toBe('🎉one\nxtwo\nthree');
    expect(ann.connection.cursors[0]).toMatchObject({ head: 6, moves: 1 });
  });

  it('arrive with an operation, and refer to the text after it', () => {
    const { world, ann, bob } = meeting('');
    for (const [index, letter] of [...'typing'].entries()) {
      bob.connection.edit(Operation.of(index, letter), { anchor: index + 1, head: index + 1 });
      world.run(40);
    }
    world.run(500);
    expect(ann.connection.document.toString()).toBe('typing');
    expect(ann.connection.cursors[0]).toMatchObject({ head: 6 });
  });

  it('are right while both users have unacknowledged edits', () => {
    const { world, ann, bob } = meeting('0123456789');
    bob.wire.weather = ann.wire.weather = { latency: [100, 100] };
    type(ann, 0, 'aaa');
    type(bob, 10, 'bbb');
    world.run(120);
    bob.connection.setCursor({ anchor: 5, head: 5 });
    type(ann, 2, 'zz');
    world.run(2_000);
    const text = ann.connection.document.toString();
    expect(text).toBe(bob.connection.document.toString());
    expect(ann.connection.cursors[0].head).toBe(text.indexOf('5'));
  });

  it('are sent at most ten times a second, and only if they have changed', () => {
    const { world, server, ann, bob } = meeting();
    let messages = 0;
    const session = server.sessions.find(({ user }) => user.userName === 'Ann') as Session;
    const send = session.send.bind(session);
    session.send = (...events) => {
      messages += events.filter(({ event }) => event === 'remote_cursor').length;
      send(...events);
    };
    for (let index = 0; index < 200; index++) {
      bob.connection.setCursor({ anchor: index % 9, head: index % 9 });
      world.run(10);
    }
    world.run(500);
    expect(messages).toBeGreaterThan(10);
    expect(messages).toBeLessThanOrEqual(21);
    const before = messages;
    bob.connection.setCursor({ anchor: 199 % 9, head: 199 % 9 });
    type(ann, 0, 'pushes it along');
    world.run(1_000);
    expect(messages).toBe(before);
  });

  it('are shown for users who joined earlier, before they move', () => {
    const { world, server, ann, bob } = meeting();
    bob.connection.setCursor({ anchor: 4, head: 4 });
    world.run(500);
    const eve = connect(world, server, userOf('Eve'));
    world.run(500);
    expect(eve.connection.cursors).toMatchObject([{ sessionId: null, userName: 'Bob', head: 4 }]);
    bob.connection.setCursor({ anchor: 5, head: 5 });
    world.run(500);
    expect(eve.connection.cursors).toMatchObject([{ userName: 'Bob', head: 5 }]);
    expect(ann.connection.state.users.map(user => user.userName).sort()).toEqual([
      'Ann',
      'Bob',
      'Eve'
    ]);
  });

  it('disappear when their user leaves', () => {
    const { world, server, ann, bob } = meeting();
    bob.connection.setCursor({ anchor: 4, head: 4 });
    world.run(500);
    const users = server.activeUsers().filter(user => user.userName === 'Ann');
    const session = server.sessions.find(({ user }) => user.userName === 'Ann');
    session?.send({
      event: 'user_left',
      data: { userId: 'user-Bob', activeUsers: users, version: server.version }
    });
    world.run(100);
    expect(ann.connection.cursors).toEqual([]);
    expect(ann.connection.state.users.length).toBe(1);
  });

  it('are converted if this client’s text is newer than their version', () => {
    const { world, ann, bob } = meeting('0123456789');
    ann.wire.weather = { latency: [300, 300] };
    append(ann, '!');
    type(ann, 0, '>>');
    bob.connection.setCursor({ anchor: 5, head: 5 });
    world.run(450);
    expect(ann.connection.cursors[0]).toMatchObject({ head: 7 });
  });
});
