// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { read } from '../text/vectors';
import { Limiter } from '../kit';

interface Case {
  readonly limit: number;
  readonly steps: readonly {
    readonly at: number;
    readonly allowed: boolean;
    readonly remaining: number;
    readonly resetMs: number;
  }[];
}

const cases = read<Case>(new URL('../../../tests/vectors/limiter_vectors.jsonl', import.meta.url));

describe('the reference server’s limiter', () => {
  it.each(cases)(
    'counts as the real one does, with $limit operations a minute',
    ({ limit, steps }) => {
      const limiter = new Limiter(limit);
      for (const { at, allowed, ...left } of steps) {
        expect([at, limiter.take(at)]).toEqual([at, allowed]);
        expect([at, limiter.left(at)]).toEqual([at, left]);
      }
    }
  );
});
