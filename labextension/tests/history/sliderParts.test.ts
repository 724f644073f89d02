// @vitest-environment node
/** What the slider is made of: the film's pace, the hand, sittings, and letters that have just come. */
import { describe, expect, it } from 'vitest';

import { arrivedIn } from '../../src/history/slider/arrived';
import { Drag } from '../../src/history/slider/drag';
import { Player } from '../../src/history/slider/player';
import { SittingMarks } from '../../src/history/slider/sittingMarks';
import { replacement } from '../../src/text';
import type { Sitting, SittingQuery } from '../../src/server/history';
import { World } from '../kit';
import { Recording } from './recording';

describe('the film', () => {
  function playing(last = 100) {
    const world = new World(1);
    const shown: number[] = [];
    const played = {
      state: { first: 0, last, position: last, isWaiting: false },
      seek(version: number) {
        shown.push(version);
        played.state.position = version;
      }
    };
    return { world, shown, played, player: new Player(world.environment, played) };
  }

  it('begins anew at the end, skips no version letter by letter, and stops at the end', () => {
    const { world, shown, player } = playing(30);
    player.speed = 'letters';
    player.play();
    world.run(60_000);
    expect(shown).toEqual(Array.from({ length: 31 }, (_, version) => version));
    expect(player.isPlaying).toBe(false);
  });

  it('runs through the whole history in half a minute', () => {
    const { world, shown, player } = playing(260_000);
    player.speed = 'whole';
    player.play();
    world.run(29_000);
    expect(player.isPlaying).toBe(true);
    world.run(2_000);
    expect(player.isPlaying).toBe(false);
    expect(shown.at(-1)).toBe(260_000);
    expect(shown.length).toBeLessThan(800);
  });

  it('waits for a version that is not there yet, and goes on from where it was paused', () => {
    const { world, shown, played, player } = playing(1000);
    played.state.position = 500;
    played.state.isWaiting = true;
    player.play();
    world.run(5_000);
    expect(shown).toEqual([]);
    played.state.isWaiting = false;
    world.run(1_000);
    player.toggle();
    const paused = shown.at(-1);
    expect(shown[0]).toBeGreaterThan(500);
    world.run(5_000);
    expect(shown.at(-1)).toBe(paused);
    player.toggle();
    world.run(100);
    expect(shown.at(-1)).toBeGreaterThan(paused!);
  });

  it('has nothing to play where there is no history', () => {
    const { player, shown } = playing(0);
    player.play();
    expect([player.isPlaying, shown]).toEqual([false, []]);
  });
});

describe('the hand on the slider', () => {
  function dragging() {
    const world = new World(1);
    const shown: number[] = [];
    const drag = new Drag({
      clock: world.environment,
      seek: version => shown.push(version),
      nearestEnd: version => Math.round(version / 1000) * 1000
    });
    return { world, shown, drag };
  }

  it('goes from sitting to sitting while it is fast, and shows the version under it when it stops', () => {
    const { world, shown, drag } = dragging();
    for (let version = 0; version <= 20_100; version += 1340) {
      drag.move(version, 10);
      world.run(16);
    }
    expect(shown.slice(1).every(version => version % 1000 === 0)).toBe(true);
    world.run(500);
    expect(shown.at(-1)).toBe(20_100);
  });

  it('shows each version while it is slow, and the one where it lets go', () => {
    const { world, shown, drag } = dragging();
    for (let version = 0; version <= 50; version += 10) {
      drag.move(version, 10);
      world.run(16);
    }
    expect(shown).toEqual([0, 10, 20, 30, 40, 50]);
    drag.move(30_007, 10);
    drag.end();
    expect(shown.at(-1)).toBe(30_007);
    world.run(1000);
    expect(shown.at(-1)).toBe(30_007);
  });
});

describe('the sittings of the slider', () => {
  const ends = Array.from({ length: 250 }, (_, number) => 10 * (number + 1));

  class Server {
    readonly asked: SittingQuery[] = [];
    last = 250;

    async sittings(_specId: string, query: SittingQuery = {}) {
      this.asked.push(query);
      const all = ends.slice(0, this.last).map((toVersion): Sitting => ({
        fromVersion: toVersion - 10,
        toVersion,
        startedAt: '2026-11-29T10:00:00Z',
        endedAt: '2026-11-29T10:30:00Z',
        people: [{ userId: 'user-Ada', userName: 'Ada', operations: 10 }],
        added: 10,
        removed: 0,
        changesSummary: '',
        revisions:
          toVersion % 500 === 0
            ? [{ version: toVersion, label: `label ${toVersion}`, kind: 'labelled' }]
            : []
      }));
      const before = query.before ?? Infinity;
      const page = all.filter(({ toVersion }) => toVersion < before).reverse();
      const sittings = page.slice(0, query.limit);
      const oldest = sittings.at(-1);
      return {
        sittings,
        nextBefore: oldest && oldest.fromVersion > 0 ? oldest.fromVersion + 1 : null
      };
    }
  }

  async function loaded(server: Server) {
    const world = new World(1);
    const marks = new SittingMarks(server, 'spec', world.environment);
    let isDone = false;
    const loading = marks.load().then(() => (isDone = true));
    while (!isDone) {
      await Promise.resolve();
      world.run(10);
    }
    await loading;
    return { world, marks };
  }

  it('come page by page, each once, with their labels', async () => {
    const server = new Server();
    const { marks } = await loaded(server);
    expect(marks.all.map(({ toVersion }) => toVersion)).toEqual(ends);
    expect(server.asked).toHaveLength(3);
    expect(marks.flags.map(({ version }) => version)).toEqual([500, 1000, 1500, 2000, 2500]);
  });

  it('are found from any version', async () => {
    const { marks } = await loaded(new Server());
    expect(marks.at(15)?.toVersion).toBe(20);
    expect(marks.at(20)?.toVersion).toBe(20);
    expect(marks.at(0)).toBeNull();
    expect([marks.endBefore(20, 0), marks.endBefore(15, 0), marks.endBefore(10, 0)]).toEqual([
      10, 10, 0
    ]);
    expect([
      marks.endAfter(20, 9999),
      marks.endAfter(15, 9999),
      marks.endAfter(2500, 9999)
    ]).toEqual([30, 20, 9999]);
    expect([marks.nearestEnd(14), marks.nearestEnd(16), marks.nearestEnd(99_999)]).toEqual([
      10, 20, 2500
    ]);
  });

  it('grow with the spec, with one request for many versions', async () => {
    const server = new Server();
    server.last = 240;
    const { world, marks } = await loaded(server);
    server.last = 242;
    const before = server.asked.length;
    for (let version = 2401; version <= 2420; version++) {
      marks.extend(version);
      world.run(100);
    }
    world.run(5_000);
    await Promise.resolve();
    await Promise.resolve();
    expect(server.asked.length - before).toBe(1);
    expect(marks.all.map(({ toVersion }) => toVersion)).toEqual(ends.slice(0, 242));
  });
});

describe('letters that have just come', () => {
  it('are those that the last steps inserted and that are still there', () => {
    const { steps, texts } = new Recording(400, 21);
    for (let version = 1; version <= 400; version += 7) {
      for (const count of [1, 5, 40]) {
        const last = steps.slice(Math.max(0, version - count), version);
        const text = texts[version]!;
        const { letters, place } = arrivedIn(text, last);
        const came = letters.reduce((sum, { from, to }) => sum + to - from, 0);
        const before = texts[version - last.length]!;
        expect(text.length - came).toBeLessThanOrEqual(before.length);
        expect(place?.userId).toBe(last.at(-1)!.userId);
        if (last.length === 1) {
          const inserted = last[0]!.edits.map(([, , content]) => content).reverse();
          expect(letters.map(({ from, to }) => text.slice(from, to)).join('')).toBe(
            inserted.join('')
          );
        }
      }
    }
    expect(arrivedIn(texts[0]!, [])).toEqual({ letters: [], place: null });
  });
});

describe('the difference of two texts', () => {
  it('leaves out what they begin and end with', () => {
    const cases = [
      ['abc', 'abc'],
      ['', 'abc'],
      ['abc', ''],
      ['aaa', 'aaaa'],
      ['one two three', 'one 2 three'],
      ['a😀b', 'a😁b']
    ] as const;
    for (const [before, after] of cases) {
      const { from, to, insert } = replacement(before, after);
      expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
    }
    expect(replacement('one two three', 'one 2 three')).toEqual({ from: 4, to: 7, insert: '2' });
  });
});
