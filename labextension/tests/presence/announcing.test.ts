// @vitest-environment node
import { describe, expect, it } from 'vitest';

import type { ClientEvent, CursorUpdate } from '../../src/protocol';
import { connect, isSynchronised, Server, type, userOf, World } from '../kit';

/** Ann, whose cursor updates are noted with their times, and Bob in a spec with the default limit. */
function meeting(latency: readonly [number, number], withBob = true) {
  const world = new World(5);
  const server = new Server(world, '', { operationsPerMinute: 100 });
  const said: { readonly at: number; readonly data: CursorUpdate }[] = [];
  const ann = connect(world, server, userOf('Ann'), (event: ClientEvent) => {
    if (event.event === 'cursor_update') {
      said.push({ at: world.now, data: event.data });
    }
    return event;
  });
  ann.wire.weather = { latency };
  world.runUntil(() => isSynchronised(ann));
  if (!withBob) {
    return { world, server, said, ann, bob: ann };
  }
  const bob = connect(world, server, userOf('Bob'));
  bob.wire.weather = { latency };
  world.runUntil(() => isSynchronised(bob));
  world.run(1_000);
  said.length = 0;
  return { world, server, said, ann, bob };
}

describe('what one types is announced', () => {
  it.each<[string, readonly [number, number], number]>([
    ['a near server', [2, 10], 120],
    ['a far one', [40, 80], 280]
  ])('soon, under the default limit, by %s', (_, latency, within) => {
    const { world, said, ann, bob } = meeting(latency);
    const typedAt: number[] = [];
    const waits: number[] = [];
    const seen = () => {
      const drafts = bob.connection.drafts.reduce(
        (sum, { operation }) => sum + operation.lengthChange,
        0
      );
      const shown = Math.min(typedAt.length, bob.connection.document.length + drafts);
      while (waits.length < shown) {
        waits.push(world.now - typedAt[waits.length]);
      }
    };
    bob.connection.onChange(seen);
    bob.connection.onDrafts(seen);
    for (let index = 0; index < 8 * 60; index++) {
      typedAt.push(world.now);
      const at = ann.connection.document.length;
      type(ann, at, 'x');
      ann.connection.setCursor({ anchor: at + 1, head: at + 1 });
      world.run(world.chance.between(60, 190));
    }
    world.run(10_000);
    expect(waits).toHaveLength(8 * 60);
    waits.sort((one, other) => one - other);
    console.log(`p50 ${waits[240]} ms, p95 ${waits[456]} ms, at most ${waits.at(-1)} ms`);
    expect(waits[456]).toBeLessThanOrEqual(within);
    expect(bob.connection.drafts).toEqual([]);
    const drafts = said.filter(({ data }) => data.draft).map(({ at }) => at);
    // One more where an operation has just left.
    drafts.slice(13).forEach((at, index) => expect(at - drafts[index]).toBeGreaterThan(900));
  });

  it('to nobody where nobody is', () => {
    const { world, server, said, ann } = meeting([5, 5], false);
    server.ignoresOperations = true;
    for (let index = 0; index < 50; index++) {
      type(ann, index, 'x');
      world.run(100);
    }
    expect(said.some(({ data }) => data.draft)).toBe(false);
  });

  it('again before others give it up, and not where it is too long', () => {
    const { world, server, said, ann, bob } = meeting([5, 5]);
    server.ignoresOperations = true;
    type(ann, 0, 'a');
    type(ann, 1, 'b');
    world.run(60_000);
    expect(bob.connection.drafts).toHaveLength(1);
    expect(said.length).toBeLessThan(30);
    type(ann, 2, 'x'.repeat(5_000));
    world.run(1_000);
    expect(bob.connection.drafts).toEqual([]);
    const before = said.length;
    world.run(20_000);
    expect(said.length).toBe(before);
  });
});
