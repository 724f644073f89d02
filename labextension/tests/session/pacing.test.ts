// @vitest-environment node
import { describe, expect, it } from 'vitest';

import {
  LONGEST_MS,
  type Pace,
  paceAcknowledged,
  paceRefused,
  paceSent,
  startPace,
  waitBefore,
  WINDOW_MS
} from '../../src/session/pacing';
import { Chance, connect, isSynchronised, Server, type, userOf, World } from './kit';

/** The server's count of one user's operations: so many in any minute. */
class Window {
  private counted: number[] = [];
  refusals = 0;

  constructor(private readonly limit: number) {}

  ask(now: number): { allowed: boolean; remaining: number; resetMs: number } {
    this.counted = this.counted.filter(at => at > now - WINDOW_MS);
    const allowed = this.counted.length < this.limit;
    if (allowed) {
      this.counted.push(now);
    } else {
      this.refusals += 1;
    }
    const resetMs = (this.counted[0] ?? now) + WINDOW_MS - now;
    return { allowed, remaining: this.limit - this.counted.length, resetMs };
  }
}

/** Someone types without a pause: something is always waiting. Returns the distances of what was sent. */
function typeOn(
  window: Window,
  limit: number,
  minutes: number,
  roundTrip: (chance: Chance) => number,
  seed = 1
): number[] {
  const chance = new Chance(seed);
  const distances: number[] = [];
  let now = 0;
  let last: number | null = null;
  let pace: Pace = startPace(limit, now);
  while (now < minutes * 60_000) {
    now += waitBefore(pace, now);
    pace = paceSent(pace, now);
    if (last !== null) {
      distances.push(now - last);
    }
    last = now;
    const trip = roundTrip(chance);
    const { allowed, ...left } = window.ask(now + trip / 2);
    now += trip;
    pace = allowed ? paceAcknowledged(pace, left, now) : paceRefused(pace, left.resetMs, now);
  }
  return distances;
}

describe('the pace', () => {
  it.each([
    ['at once', () => 2],
    ['over a slow network', (chance: Chance) => chance.between(20, 400)],
    ['over a network with spikes', (chance: Chance) => (chance.happens(0.02) ? 1500 : 30)]
  ])('lets half an hour of typing through without a refusal, answered %s', (_, roundTrip) => {
    const window = new Window(100);
    const distances = typeOn(window, 100, 30, roundTrip);
    expect(window.refusals).toBe(0);
    expect(distances.length).toBeGreaterThan(30 * 70);
  });

  it('never waits longer than 1.2 s', () => {
    const distances = typeOn(new Window(100), 100, 30, () => 10);
    expect(Math.max(...distances)).toBeLessThanOrEqual(LONGEST_MS);
  });

  it('lets some twenty go at once after a pause', () => {
    const distances = typeOn(new Window(100), 100, 1, () => 2);
    expect(distances.slice(0, 17).every(distance => distance <= 110)).toBe(true);
    expect(distances[30]).toBeGreaterThanOrEqual(700);
  });

  it('fills up again in a pause', () => {
    let pace = startPace(100, 0);
    for (let at = 0; at < 3_000; at += 100) {
      pace = paceSent(pace, at);
    }
    expect(waitBefore(pace, 3_000)).toBeGreaterThan(500);
    for (let at = 20_000; at < 21_000; at += 100) {
      expect(waitBefore(pace, at)).toBe(0);
      pace = paceSent(pace, at);
    }
  });

  it('does not slow anybody down where the limit is high', () => {
    const distances = typeOn(new Window(100_000), 100_000, 0.1, () => 5);
    expect(Math.max(...distances)).toBeLessThanOrEqual(5);
  });

  it('waits as long as a refusal says', () => {
    const pace = paceRefused(startPace(100, 0), 7_000, 1_000);
    expect(waitBefore(pace, 1_000)).toBe(7_000);
  });

  it('loses nothing where two tabs of one user share the minute', () => {
    const world = new World(7);
    const server = new Server(world, '', { operationsPerMinute: 100 });
    const tabs = [connect(world, server, userOf('Ann')), connect(world, server, userOf('Ann'))];
    world.runUntil(() => tabs.every(isSynchronised));
    for (let index = 0; index < 3000; index++) {
      type(tabs[index % 2], 0, String.fromCodePoint(0x4e00 + index));
      world.run(60);
    }
    world.runUntil(() => tabs.every(isSynchronised));
    const text = server.text.toString();
    expect(new Set(text).size).toBe(3000);
    expect(text.length).toBe(3000);
    expect(new Set(server.refusals).size).toBeLessThanOrEqual(1);
    for (const frames of server.sent.values()) {
      expect(new Set(frames).size).toBe(1);
    }
  });

  it('shows a colleague each letter within 1.2 s of a fast typist, for ten minutes', () => {
    const world = new World(3);
    const server = new Server(world, '', { operationsPerMinute: 100 });
    const [ann, bob] = [
      connect(world, server, userOf('Ann')),
      connect(world, server, userOf('Bob'))
    ];
    world.runUntil(() => isSynchronised(ann) && isSynchronised(bob));
    const typedAt: number[] = [];
    let [seen, slowest] = [0, 0];
    bob.connection.onChange(() => {
      for (; seen < bob.connection.document.length; seen++) {
        slowest = Math.max(slowest, world.now - typedAt[seen]);
      }
    });
    for (let index = 0; index < 6000; index++) {
      typedAt.push(world.now);
      type(ann, index, 'x');
      world.run(100);
    }
    world.run(2_000);
    expect(seen).toBe(6000);
    expect(server.refusals).toEqual([]);
    expect(slowest).toBeLessThanOrEqual(1_200);
  });
});
