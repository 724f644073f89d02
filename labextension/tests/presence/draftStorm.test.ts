// @vitest-environment node
/**
 * Clients on a bad network type and show each other's drafts: nothing is shown twice, and nothing is left behind.
 *
 * `DRAFT_RUNS=5000 npx vitest run tests/presence/draftStorm.test.ts` simulates more. To replay a failure, call
 * `drafting` with the seed and the kind that it reports.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Client } from '../kit';
import type { NetworkPath } from '../kit/network';
import { overRequests, seeds, type Storm, storm } from '../kit/storm';

const RUNS = Number(process.env.DRAFT_RUNS ?? 60);

const KINDS: Readonly<Record<string, Storm>> = {
  'a WebSocket': {},
  'a WebSocket, under the default limit': { limits: { operationsPerMinute: 100 } },
  'pages that crash': { areMortal: true },
  'texts that are merged': { limits: { maxStaleVersions: 3 }, longestList: 3 },
  'split operations': { limits: { operationLength: 400 } },
  'plain requests': { over: overRequests }
};

interface Drafting {
  /** How often a page showed a draft when something changed. */
  readonly seen: number;
  /** What a page showed twice. */
  readonly doubled: readonly string[];
  /** What pages still showed as drafts after everybody had come to rest. */
  readonly left: number;
}

/** A simulation, with the text and drafts of every page looked at whenever one of them changes. */
function drafting(seed: number, options: Storm): Drafting {
  let seen = 0;
  const doubled: string[] = [];
  const look = ({ connection }: Client<NetworkPath>) => {
    const { drafts } = connection;
    if (drafts.length === 0) {
      return;
    }
    seen += 1;
    const typed = drafts.flatMap(({ operation }) =>
      operation.components.filter(component => typeof component === 'string')
    );
    const shown = [...connection.document.toString(), ...typed.join('')];
    const once = new Set(shown);
    if (once.size < shown.length) {
      doubled.push(typed.join('|'));
    }
  };
  const { clients } = storm(seed, {
    steps: 60,
    ...options,
    opened: client => {
      client.connection.onChange(() => look(client));
      client.connection.onDrafts(() => look(client));
    }
  });
  const left = clients.reduce((sum, { connection }) => sum + connection.drafts.length, 0);
  return { seen, doubled, left };
}

describe('drafts on a bad network', () => {
  it('are never shown beside their operations, nor left behind', { timeout: 3_600_000 }, () => {
    let seen = 0;
    fc.assert(
      fc.property(seeds, fc.constantFrom(...Object.keys(KINDS)), (seed, kind) => {
        const outcome = drafting(seed, KINDS[kind]);
        expect(outcome.doubled).toEqual([]);
        expect(outcome.left).toBe(0);
        seen += outcome.seen;
      }),
      { numRuns: RUNS }
    );
    console.log(`${RUNS} runs, ${seen} looks at drafts`);
    expect(seen).toBeGreaterThan(RUNS);
  });

  it('are not shown after a join that tells of their operations', () => {
    expect(drafting(7, KINDS['plain requests'])).toMatchObject({ doubled: [], left: 0 });
  });

  it('would be shown twice if no operation could be matched with its draft', () => {
    const outcomes = Array.from({ length: 5 }, (_, seed) =>
      drafting(seed, { areDraftsBroken: true })
    );
    expect(outcomes.some(({ doubled }) => doubled.length > 0)).toBe(true);
  });
});
