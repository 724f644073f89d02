// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { ClientEvent } from '../../src/protocol';
import { Polls, RequestWire, Server, userOf, World } from '../kit';

const PING: ClientEvent = { event: 'ping', data: {} };
const JOIN: ClientEvent = { event: 'join_session', data: { specId: 'spec', batch: true } };

/** What a transport reported while the network lost, doubled and reordered its requests. */
interface Report {
  /** The numbers of the events in the order of their arrival, for each session. */
  readonly numbers: readonly (readonly number[])[];
  readonly isClosed: boolean;
}

function simulate(seed: number): Report {
  const world = new World(seed);
  const server = new Server(world);
  const wire = new RequestWire(world, new Polls(server), userOf('Ann'));
  wire.weather = { latency: [1, world.chance.between(5, 800)], duplicates: 0.2, lost: 0.15 };
  const numbers: number[][] = [];
  let isClosed = false;
  const transport = wire.open({
    opened: () => transport.send([JOIN]),
    received: events => {
      for (const { event, data } of events) {
        if (event === 'session_joined') {
          numbers.push([]);
        } else if (event === 'error') {
          numbers.at(-1)?.push(Number(data.code));
        }
      }
    },
    closed: () => (isClosed = true)
  });
  let next = 0;
  for (let step = 0; step < 300; step++) {
    transport.send([PING]);
    server.sessions.at(-1)?.send({
      event: 'error',
      data: { code: String(next++), message: '' }
    });
    world.run(world.chance.between(1, 200));
    if (world.chance.happens(0.02)) {
      wire.polls.forget();
    }
  }
  world.run(60_000);
  transport.close();
  return { numbers, isClosed };
}

describe('polling over a network that loses, doubles and delays requests', () => {
  it('delivers events once and in order, or closes', () => {
    let received = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), seed => {
        const { numbers, isClosed } = simulate(seed);
        for (const each of numbers) {
          expect(each).toEqual(each.map((_, index) => each[0] + index));
          received += each.length;
        }
        expect(isClosed || numbers.length > 0).toBe(true);
      }),
      { numRuns: 100 }
    );
    expect(received).toBeGreaterThan(3_000);
  });
});
