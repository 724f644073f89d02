import { describe, expect, it } from 'vitest';

import { piecesOf } from '../../src/specs/hits';

const hitsIn = (line: string, query: string) =>
  piecesOf(line, query)
    .filter(({ isHit }) => isHit)
    .map(({ text }) => text);

describe('hits in a line', () => {
  it('are where a word begins as one of the query does, in any script', () => {
    expect(hitsIn('Churn model, churned', 'CHUR')).toEqual(['Chur', 'chur']);
    expect(hitsIn('unchurned', 'chur')).toEqual([]);
    expect(hitsIn('Die Größe im Cafe\u0301', 'größ café')).toEqual(['Größ', 'Café']);
    expect(hitsIn('up to 100% (FR-003)', '100% fr-003')).toEqual(['100%', 'FR-003']);
  });

  it('leave the line as it is', () => {
    for (const query of ['', 'a', '.*', '(', '[', '\\', 'a b', '-']) {
      const line = 'a.* (b) [c] \\ d-e a';
      expect(
        piecesOf(line, query)
          .map(({ text }) => text)
          .join('')
      ).toBe(line);
    }
  });
});
