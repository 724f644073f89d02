// @vitest-environment node
import { describe, expect, it } from 'vitest';

import {
  LONGEST_MS,
  type Pacing,
  paceAcknowledged,
  paceRefused,
  paceSent,
  startPacing,
  waitBefore
} from '../../src/sync/pacing';
import {
  Chance,
  type Client,
  connect,
  connectBy,
  contentOf,
  isSynchronised,
  Limiter,
  Polls,
  RequestWire,
  Server,
  type,
  userOf,
  type NetworkPath,
  type Weather,
  Wire,
  World
} from '../kit';

interface Typing {
  /** Milliseconds between two operations. */
  readonly distances: readonly number[];
  readonly refusals: number;
}

/** Simulates typing without a pause: an operation is always ready to be sent. */
function typeOn(
  limit: number,
  minutes: number,
  roundTrip: (chance: Chance) => number,
  seed = 1
): Typing {
  const chance = new Chance(seed);
  const limiter = new Limiter(limit);
  const distances: number[] = [];
  let refusals = 0;
  let now = 0;
  let last: number | null = null;
  let pace: Pacing = startPacing(limit, now);
  while (now < minutes * 60_000) {
    now += waitBefore(pace, now);
    pace = paceSent(pace, now);
    if (last !== null) {
      distances.push(now - last);
    }
    last = now;
    const trip = roundTrip(chance);
    const arrival = now + trip / 2;
    const allowed = limiter.take(arrival);
    const left = limiter.left(arrival);
    now += trip;
    pace = allowed ? paceAcknowledged(pace, left, now) : paceRefused(pace, left.resetMs, now);
    refusals += allowed ? 0 : 1;
  }
  return { distances, refusals };
}

describe('pacing', () => {
  it.each([
    ['at once', () => 2],
    ['over a slow network', (chance: Chance) => chance.between(20, 400)],
    ['over a network with spikes', (chance: Chance) => (chance.happens(0.02) ? 1500 : 30)]
  ])('avoids refusals in half an hour of typing, with acknowledgements %s', (_, roundTrip) => {
    const { distances, refusals } = typeOn(100, 30, roundTrip);
    expect(refusals).toBe(0);
    expect(distances.length).toBeGreaterThan(30 * 70);
  });

  it('never waits longer than 1.2 s', () => {
    const { distances } = typeOn(100, 30, () => 10);
    expect(Math.max(...distances)).toBeLessThanOrEqual(LONGEST_MS);
  });

  it('allows about twenty operations without delay after a pause', () => {
    const { distances } = typeOn(100, 1, () => 2);
    expect(distances.slice(0, 17).every(distance => distance <= 110)).toBe(true);
    expect(distances[30]).toBeGreaterThanOrEqual(700);
  });

  it('recovers its burst in a pause', () => {
    let pace = startPacing(100, 0);
    for (let at = 0; at < 3_000; at += 100) {
      pace = paceSent(pace, at);
    }
    expect(waitBefore(pace, 3_000)).toBeGreaterThan(500);
    for (let at = 20_000; at < 21_000; at += 100) {
      expect(waitBefore(pace, at)).toBe(0);
      pace = paceSent(pace, at);
    }
  });

  it('adds no delay under a high limit', () => {
    const { distances } = typeOn(100_000, 0.1, () => 5);
    expect(Math.max(...distances)).toBeLessThanOrEqual(5);
  });

  it('waits for the time that a refusal names', () => {
    const pace = paceRefused(startPacing(100, 0), 7_000, 1_000);
    expect(waitBefore(pace, 1_000)).toBe(7_000);
  });

  it('loses no edits if two tabs of one user share the limit', () => {
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
});

/** The result of half an hour of typing with the real client. */
interface HalfHour {
  /** When operations were sent, in milliseconds since the first. */
  readonly sentAt: readonly number[];
  /** The maximum delay until another user saw a letter, in milliseconds. */
  readonly slowest: number;
  readonly refusals: readonly string[];
  readonly isComplete: boolean;
}

/** Types ten letters a second for half an hour while another user has the spec open. */
function typeForHalfAnHour(
  seed: number,
  weather: Weather,
  pathOf: (world: World, server: Server, sent: () => void) => NetworkPath
): HalfHour {
  const world = new World(seed);
  const server = new Server(world, '', { operationsPerMinute: 100 });
  const sentAt: number[] = [];
  const ann: Client<NetworkPath> = connectBy(
    world,
    pathOf(world, server, () => sentAt.push(world.now))
  );
  const bob = connect(world, server, userOf('Bob'));
  ann.wire.weather = bob.wire.weather = weather;
  world.runUntil(() => isSynchronised(ann) && isSynchronised(bob));
  const typedAt: number[] = [];
  let [seen, slowest] = [0, 0];
  bob.connection.onChange(() => {
    for (; seen < bob.connection.document.length; seen++) {
      slowest = Math.max(slowest, world.now - typedAt[seen]);
    }
  });
  const letters = 30 * 60 * 10;
  for (let index = 0; index < letters; index++) {
    typedAt.push(world.now);
    type(ann, index, String.fromCodePoint(0x4e00 + (index % 20_000)));
    world.run(100);
  }
  world.run(5_000);
  const isComplete = seen === letters && contentOf(ann) === contentOf(bob);
  const first = sentAt[0];
  return {
    sentAt: sentAt.map(at => at - first),
    slowest,
    refusals: server.refusals,
    isComplete
  };
}

function overWebSocket(world: World, server: Server, sent: () => void): NetworkPath {
  return new Wire(world, server, userOf('Ann'), event => {
    if (event.event === 'operation') {
      sent();
    }
    return event;
  });
}

function overRequests(world: World, server: Server, sent: () => void): NetworkPath {
  return new RequestWire(world, new Polls(server), userOf('Ann'), ({ body }) => {
    if (body?.includes('"event":"operation"')) {
      sent();
    }
  });
}

describe('half an hour of typing, ten letters a second, under the default limit', () => {
  it.each<[string, readonly [number, number], typeof overWebSocket]>([
    ['a WebSocket with low latency', [1, 3], overWebSocket],
    ['a WebSocket with high latency', [20, 200], overWebSocket],
    ['plain requests with low latency', [1, 3], overRequests],
    ['plain requests with high latency', [20, 120], overRequests]
  ])('causes no refusals and delays of 1.2 s at most, over %s', (name, latency, way) => {
    const { sentAt, slowest, refusals, isComplete } = typeForHalfAnHour(11, { latency }, way);
    const waits = sentAt.slice(1).map((at, index) => at - sentAt[index]);
    const even = waits.findIndex(wait => wait >= 700);
    const longest = Math.max(...waits);
    console.log(
      `half an hour over ${name}: ${sentAt.length} operations, ${refusals.length} refused; ` +
        `${even + 1} at the start in ${sentAt[even]} ms, then at least ${Math.min(...waits.slice(even))} ms apart; ` +
        `longest wait ${longest} ms; another user sees a letter after ${slowest} ms at most`
    );
    expect(refusals).toEqual([]);
    expect(isComplete).toBe(true);
    expect(longest).toBeLessThanOrEqual(LONGEST_MS);
    expect(even + 1).toBeGreaterThanOrEqual(18);
    // About eighteen at once, and those that the rate allows while they are sent.
    expect(even + 1).toBeLessThanOrEqual(19 + sentAt[even] / 750);
    // A request waits for the answer to the previous one, which may have been a ping or a draft.
    const queue = way === overRequests ? 2 * latency[1] : 0;
    expect(Math.min(...waits.slice(0, even))).toBeGreaterThanOrEqual(100 - queue);
    expect(Math.min(...waits.slice(even))).toBeGreaterThanOrEqual(750 - queue);
    expect(slowest).toBeLessThanOrEqual(LONGEST_MS);
  });
});
