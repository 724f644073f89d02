// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { differencesIn } from '../../../src/history/compare/passage';
import { changedBlocks } from '../../../src/history/compare/renderedRows';
import type { Block } from '../../../src/preview/blocks';
import { diff, Text } from '../../../src/text';

/** A block for each paragraph. */
function blocksOf(text: string): Block[] {
  return [...text.matchAll(/[^\n]+/g)].map(({ index, 0: words }) => ({
    content: { key: words } as Block['content'],
    from: index,
    to: index + words.length,
    tasks: []
  }));
}

function rowsOf(before: string, after: string) {
  const [older, newer] = [Text.of(before), Text.of(after)];
  const differences = differencesIn(diff(before, after), older, newer);
  return {
    differences,
    rows: changedBlocks(blocksOf(before), blocksOf(after), differences, {
      older: before,
      newer: after
    })
  };
}

describe('the blocks that differ', () => {
  it('hold each difference once, and no block is in two rows', () => {
    const text = fc
      .array(fc.constantFrom('a b c', 'd e', 'f', 'g h i j'), { maxLength: 8 })
      .map(paragraphs => paragraphs.join('\n\n'));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { differences, rows } = rowsOf(before, after);
        expect(rows.flatMap(row => row.differences)).toEqual(differences);
        for (const side of ['older', 'newer'] as const) {
          const places = rows.flatMap(row => row[side].map(({ from }) => from));
          expect(places).toEqual([...new Set(places)].sort((one, other) => one - other));
        }
      })
    );
  });

  it('are those on both sides of a change, with the number of those left out', () => {
    const { rows } = rowsOf(
      'one\n\ntwo\n\nthree\n\nfour\n',
      'one\n\ntwo\n\nthree!\n\nfour\n\nfive\n'
    );
    expect(rows.map(({ older, newer }) => [older.length, newer.length])).toEqual([
      [1, 1],
      [0, 1]
    ]);
    expect(rows.map(({ unchangedBefore }) => unchangedBefore)).toEqual([2, 1]);
  });
});
