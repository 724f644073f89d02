// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { replacement } from '../../src/text';

const texts = fc
  .array(fc.constantFrom('a', 'b', '\u{1f600}', '\u{1f601}', '\u{10400}', '\n'))
  .map(letters => letters.join(''));

/** How many items both lists have in common at the beginning, and of the others at the end. */
function kept(before: readonly string[], after: readonly string[]): number {
  const start = before.findIndex((each, index) => each !== after[index]);
  const from = start < 0 ? before.length : start;
  const [left, right] = [before.slice(from).reverse(), after.slice(from).reverse()];
  const end = left.findIndex((each, index) => each !== right[index]);
  return from + (end < 0 ? left.length : end);
}

describe('the piece of a text that is replaced', () => {
  it('makes the one text of the other, is the shortest, and splits no surrogate pair', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const { from, to, insert } = replacement(before, after);
        expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
        for (const piece of [before.slice(0, from), before.slice(from, to), insert]) {
          expect(() => encodeURIComponent(piece)).not.toThrow();
        }
        const [letters, others] = [[...before], [...after]];
        const same = [...before.slice(0, from)].length + [...before.slice(to)].length;
        expect(same).toBe(kept(letters, others));
      })
    );
  });
});
