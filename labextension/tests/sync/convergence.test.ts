// @vitest-environment node
/** Clients on a bad network: each edit is committed once, and all clients end with the same text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  converged,
  doubled,
  lost,
  overEither,
  overRequests,
  seeds,
  storm,
  undead
} from '../kit/storm';

describe('clients on a bad network', () => {
  it('converge, with each code point present once, or absent if it was deleted', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const outcome = storm(seed);
        expect(converged(outcome)).toBe(true);
        expect(doubled(outcome)).toEqual([]);
        expect(lost(outcome)).toEqual([]);
        expect(undead(outcome)).toEqual([]);
      }),
      { numRuns: 40 }
    );
  });

  it.each([
    ['plain requests', overRequests, 40],
    ['WebSockets with polling as the fallback', overEither, 40]
  ])('converge over %s', (_, over, numRuns) => {
    fc.assert(
      fc.property(seeds, seed => {
        const outcome = storm(seed, { over });
        expect(converged(outcome)).toBe(true);
        expect(doubled(outcome)).toEqual([]);
        expect(lost(outcome)).toEqual([]);
        const resent = [...outcome.server.sent.values()];
        expect(resent.every(frames => new Set(frames).size === 1)).toBe(true);
      }),
      { numRuns }
    );
  });

  it('resend an operation byte for byte', () => {
    let resent = 0;
    fc.assert(
      fc.property(seeds, seed => {
        const { server } = storm(seed);
        const again = [...server.sent.values()].filter(frames => frames.length > 1);
        expect(again.every(frames => new Set(frames).size === 1)).toBe(true);
        resent += again.length;
      }),
      { numRuns: 20 }
    );
    expect(resent).toBeGreaterThan(20);
  });

  it('converge if they reconnect too late for the operations since their version', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const limits = { maxStaleVersions: 12 };
        const outcome = storm(seed, { limits, longestList: 12, steps: 200 });
        expect(converged(outcome)).toBe(true);
        expect(doubled(outcome)).toEqual([]);
        expect(lost(outcome)).toEqual([]);
      }),
      { numRuns: 40 }
    );
  });

  it('converge if long operations are split', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const outcome = storm(seed, { limits: { operationLength: 400 }, steps: 80 });
        expect(converged(outcome)).toBe(true);
        expect(doubled(outcome)).toEqual([]);
        expect(lost(outcome)).toEqual([]);
        const sizes = [...outcome.server.sent.values()].flat().map(frame => frame.length);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(400);
      }),
      { numRuns: 30 }
    );
  });

  it('resend under the same id if texts have to be merged', () => {
    const { server } = storm(3, { longestList: 3, limits: { maxStaleVersions: 3 } });
    expect([...server.sent.values()].some(frames => frames.length > 1)).toBe(true);
  });

  it('would duplicate text if they resent under a new id', () => {
    const outcomes = Array.from({ length: 5 }, (_, seed) => storm(seed, { areBroken: true }));
    expect(outcomes.some(outcome => doubled(outcome).length > 0)).toBe(true);
  });
});
