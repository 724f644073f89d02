// @vitest-environment node
/** Pages that crash or are reloaded on a bad network: the next page continues, and nothing is lost or doubled. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  converged,
  doubled,
  lost,
  overEither,
  overRequests,
  seeds,
  type Storm,
  storm,
  undead
} from '../kit/storm';

describe('clients whose pages crash', () => {
  it.each([
    ['', {}],
    [' where the steps in between are gone', { longestList: 12, limits: { maxStaleVersions: 12 } }],
    [' where long operations are split', { limits: { operationLength: 400 } }],
    [' over plain requests', { over: overRequests }],
    [' over whichever way works', { over: overEither }]
  ])('converge, and every code point is there once%s', (_, options: Storm) => {
    let crashes = 0;
    fc.assert(
      fc.property(seeds, seed => {
        const outcome = storm(seed, { ...options, areMortal: true });
        expect(converged(outcome)).toBe(true);
        expect(doubled(outcome)).toEqual([]);
        expect(lost(outcome)).toEqual([]);
        // A merge of whole texts may bring back what was deleted.
        expect(options.longestList ? [] : undead(outcome)).toEqual([]);
        crashes += outcome.crashes;
      }),
      { numRuns: 40 }
    );
    expect(crashes).toBeGreaterThan(100);
  });

  it.each([
    ['', {}],
    [' over plain requests', { over: overRequests }]
  ])('would double text if they sent what they have not kept%s', (_, options: Storm) => {
    const seeds = Array.from({ length: 50 }, (_, seed) => seed);
    const isBroken = (seed: number) =>
      doubled(storm(seed, { ...options, areMortal: true, areLying: true })).length > 0;
    expect(seeds.some(isBroken)).toBe(true);
  });
});
