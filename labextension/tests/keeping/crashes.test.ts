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
    [
      ' if the operations since their version are not listed',
      { longestList: 12, limits: { maxStaleVersions: 12 } }
    ],
    [' if long operations are split', { limits: { operationLength: 400 } }],
    [' over plain requests', { over: overRequests }],
    [' over WebSockets with polling as the fallback', { over: overEither }]
  ])('converge, with each code point present once%s', (_, options: Storm) => {
    let crashes = 0;
    fc.assert(
      fc.property(seeds, seed => {
        const outcome = storm(seed, { ...options, areMortal: true });
        expect(converged(outcome)).toBe(true);
        expect(doubled(outcome)).toEqual([]);
        expect(lost(outcome)).toEqual([]);
        // A merge of whole texts may restore deleted text.
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
  ])('would duplicate text if they sent edits that are not stored yet%s', (_, options: Storm) => {
    const seeds = Array.from({ length: 50 }, (_, seed) => seed);
    const isBroken = (seed: number) =>
      doubled(storm(seed, { ...options, areMortal: true, areLying: true })).length > 0;
    expect(seeds.some(isBroken)).toBe(true);
  });
});
