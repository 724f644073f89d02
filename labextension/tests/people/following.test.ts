// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest';

import { BUSY, Following } from '../../src/people/following';
import { connect, isSynchronised, Server, type, userOf, World } from '../kit';

let shown: [userId: string, nearest: boolean][];

beforeEach(() => {
  shown = [];
});

/** Ann and Bob in a spec; Ann's view can follow. */
function meeting() {
  const world = new World(3);
  const server = new Server(world, 'one\ntwo\nthree\n');
  const [ann, bob] = ['Ann', 'Bob'].map(name => connect(world, server, userOf(name)));
  world.runUntil(() => [ann, bob].every(isSynchronised));
  world.run(10_000);
  const following = new Following({
    connection: ann.connection,
    show: (userId, nearest) => shown.push([userId, nearest]),
    soon: callback => world.after(16, callback),
    now: () => world.now
  });
  return { world, ann, bob, following };
}

describe('a click on somebody', () => {
  it('goes there, the second one follows, the third one stops', () => {
    const { world, bob, following } = meeting();
    following.click('user-Bob');
    expect(shown).toEqual([['user-Bob', false]]);
    expect(following.state.followed).toBeNull();
    bob.connection.setCursor({ anchor: 3, head: 3 });
    world.run(500);
    expect(shown).toHaveLength(1);
    following.click('user-Bob');
    expect(following.state.followed).toBe('user-Bob');
    bob.connection.setCursor({ anchor: 5, head: 5 });
    world.run(500);
    expect(shown.at(-1)).toEqual(['user-Bob', true]);
    following.click('user-Bob');
    expect(following.state.followed).toBeNull();
  });

  it('follows what they type, until one types oneself', () => {
    const { world, ann, bob, following } = meeting();
    following.follow('user-Bob');
    const before = shown.length;
    type(bob, 3, '!');
    world.run(500);
    expect(shown.length).toBeGreaterThan(before);
    type(ann, 0, '?');
    expect(following.state.followed).toBeNull();
    const after = shown.length;
    type(bob, 4, '!');
    world.run(500);
    expect(shown).toHaveLength(after);
  });

  it('follows nobody who has left', () => {
    const { world, bob, following } = meeting();
    following.follow('user-Bob');
    expect(following.state.followed).toBe('user-Bob');
    bob.connection.release();
    world.run(60_000);
    following.dispose();
    expect(shown.length).toBeGreaterThan(0);
  });
});

describe('a summons', () => {
  it('is followed at once', () => {
    const { world, bob, following } = meeting();
    bob.connection.setCursor({ anchor: 5, head: 5 });
    bob.connection.summon();
    world.run(500);
    expect(following.state.followed).toBe('user-Bob');
    expect(shown.at(0)).toEqual(['user-Bob', false]);
  });

  it('asks whoever has just been typing', () => {
    const { world, ann, bob, following } = meeting();
    type(ann, 0, '?');
    bob.connection.summon();
    world.run(500);
    expect(following.state).toMatchObject({ followed: null, summons: { userId: 'user-Bob' } });
    expect(shown).toEqual([]);
    following.follow('user-Bob');
    expect(following.state).toMatchObject({ followed: 'user-Bob', summons: null });
    following.stop();
    world.run(BUSY);
    bob.connection.summon();
    world.run(500);
    expect(following.state.followed).toBe('user-Bob');
  });
});
