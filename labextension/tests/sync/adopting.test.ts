// @vitest-environment node
/** A long text of the server that is compared in slices, while the user types on. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { inSlices } from '../../src/runtime';
import { diff, diffInSteps, mergeInSteps, merge, type Steps } from '../../src/text';
import { append, away, contentOf, isSynchronised, meeting, type } from '../kit';
import type { Meeting } from '../kit/meeting';

const LONG = 'A line of the text.\n'.repeat(1_000);

/** Single letters, which no edit beside them can tear apart. */
const [AWAY, OTHER] = ['\u2190', '\u2192'];
const letterOf = (number: number) => String.fromCodePoint(0x4e00 + number);

/** Somebody types in each moment after the connection is back, so also in the one in which the texts are compared. */
function typeUntilMerged({ world, ann }: Meeting, typed: () => void): void {
  world.runUntil(() => ann.connection.state.status !== 'offline');
  while (ann.connection.state.notice === null) {
    typed();
    world.run(1);
  }
}

describe('a long text that comes as a whole', () => {
  it('gets every edit that is made while it is compared, and everyone ends with the same text', () => {
    const step = fc.record({ who: fc.boolean(), at: fc.double({ min: 0, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(fc.nat(1_000), fc.array(step, { maxLength: 30 }), (seed, steps) => {
        const all = meeting(LONG, seed);
        const { world, server, ann, bob } = all;
        server.longestList = 0;
        away(all, ann, () => {
          type(ann, 100, AWAY);
          type(bob, 5_000, OTHER, 3);
        });
        ann.wire.isDown = false;
        typeUntilMerged(all, () => type(ann, 200, '.'));
        expect(ann.connection.state.notice?.code).toBe('MERGED');
        steps.forEach(({ who, at }, number) => {
          const writer = who ? ann : bob;
          type(writer, Math.floor(at * writer.connection.document.length), letterOf(number));
          world.run(7);
        });
        world.runUntil(() => isSynchronised(ann) && isSynchronised(bob));
        world.run(1_000);
        expect(contentOf(ann)).toBe(server.text.toString());
        expect(contentOf(bob)).toBe(server.text.toString());
        expect(contentOf(ann)).toContain(AWAY);
        expect(contentOf(ann)).toContain(OTHER);
        steps.forEach((_, number) => expect(contentOf(ann)).toContain(letterOf(number)));
      }),
      { numRuns: 6 }
    );
  });

  it('waits with the events of the server until it is compared', () => {
    const all = meeting(LONG);
    const { world, server, ann, bob } = all;
    server.longestList = 0;
    away(all, ann, () => {
      type(ann, 0, '<mine>');
      type(bob, 10, '<theirs>');
    });
    ann.wire.isDown = false;
    typeUntilMerged(all, () => append(bob, '.'));
    world.run(60_000);
    expect(contentOf(ann)).toBe(contentOf(bob));
    expect(contentOf(ann)).toBe(server.text.toString());
    expect(ann.connection.state.status).toBe('synchronised');
  });
});

describe('a comparison in slices', () => {
  const words = (seed: number) =>
    Array.from({ length: 60_000 }, (_, index) => `w${(index * seed) % 9_973}`).join(' ');

  /** The result, and how many steps led to it. */
  function counted<Result>(steps: Steps<Result>): { result: Result; count: number } {
    for (let count = 0; ; count++) {
      const { done, value } = steps.next();
      if (done) {
        return { result: value, count };
      }
    }
  }

  it('rests often, also in texts that have nothing in common', () => {
    const [one, other] = [words(7), words(11)];
    const { result, count } = counted(diffInSteps(one, other));
    expect(result.equals(diff(one, other))).toBe(true);
    expect(count).toBeGreaterThan((one.length + other.length) / 25_000);
    const merged = counted(mergeInSteps(one, one + other, other + one));
    expect(merged.result).toBe(merge(one, one + other, other + one));
    expect(merged.count).toBeGreaterThan(20);
  });

  it('gives the page a turn whenever its slice is over', () => {
    let now = 0;
    const later: (() => void)[] = [];
    const clock = {
      now: () => now,
      after: (_delay: number, callback: () => void) => {
        later.push(callback);
        return () => void later.splice(later.indexOf(callback), 1);
      }
    };
    function* slow(): Steps<string> {
      for (let step = 0; step < 100; step++) {
        now += 1;
        yield;
      }
      return 'done';
    }
    const results: string[] = [];
    inSlices(clock, slow(), result => results.push(result));
    let turns = 0;
    for (; later.length; turns++) {
      const began = now;
      later.shift()?.();
      expect(now - began).toBeLessThanOrEqual(8);
    }
    expect(results).toEqual(['done']);
    expect(turns).toBeGreaterThan(10);
  });
});
