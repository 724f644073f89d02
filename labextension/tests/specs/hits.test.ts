import { describe, expect, it } from 'vitest';

import { piecesOf, readableSnippet } from '../../src/specs/hits';

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

describe('a snippet', () => {
  it.each([
    ['…ype: feature --- # Churn by month **What** it costs', 'Churn by month What it costs'],
    ['--- owner: Churn & Sons --- Nothing more', 'owner: Churn & Sons Nothing more'],
    ['> churn --- `that` ~~is~~ all', 'churn that is all'],
    ['churn | 2 - 1 = 1 | a#b', 'churn 2 - 1 = 1 a#b']
  ])('of %s is read', (snippet, read) => {
    expect(readableSnippet(snippet, 'churn')).toBe(read);
  });
});
