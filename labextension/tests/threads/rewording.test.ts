// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { reworded } from '../../src/threads/rewording';

/** Edits of words, each of which inserts a letter that is nowhere else. */
const edits = (letters: string) =>
  fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), gone: fc.nat(3) }), {
    minLength: 1,
    maxLength: letters.length
  });

function edited(
  text: string,
  letters: string,
  made: readonly { readonly at: number; readonly gone: number }[]
): string {
  return made.reduce((words, { at, gone }, index) => {
    const from = Math.floor(at * words.length);
    return words.slice(0, from) + letters[index]! + words.slice(from + gone);
  }, text);
}

describe('a suggestion for words that others change', () => {
  it('has what they inserted', () => {
    expect(
      reworded(
        'called twice in a month',
        'phoned twice in a quarter',
        'called twice EXTRA in a month'
      )
    ).toBe('phoned twice EXTRA in a quarter');
    expect(reworded('called', '', 'called back')).toBe(' back');
  });

  it('loses no letter of anybody, whatever is changed', () => {
    const words = fc.constantFrom('called twice in a month', 'x'.repeat(5_000), '🙂 one\ntwo 🙂');
    fc.assert(
      fc.property(words, edits('ABCD'), edits('EFGH'), (text, mine, theirs) => {
        const replacement = edited(text, 'ABCD', mine);
        const present = edited(text, 'EFGH', theirs);
        const found = reworded(text, replacement, present);
        for (const letter of 'ABCDEFGH') {
          const isWritten = replacement.includes(letter) || present.includes(letter);
          expect(found.includes(letter)).toBe(isWritten);
        }
        expect(reworded(text, replacement, text)).toBe(replacement);
        expect(reworded(text, text, present)).toBe(present);
      })
    );
  });

  it('is put together without comparing letters where much is another', () => {
    const replacement = 'ab '.repeat(3_000);
    const found = reworded('cd '.repeat(3_000), replacement, `${'cd '.repeat(2_999)}cd, too `);
    expect(found).toContain('too');
    expect(found).toContain(replacement.slice(0, -1));
  });
});
