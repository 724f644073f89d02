// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Passage, compareTexts } from '../../src/rescue/comparison';
import { finish } from '../../src/text';

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}\n`);

function without(kind: Passage['kind'], passages: readonly Passage[]): string {
  return passages.map(part => ('text' in part && part.kind !== kind ? part.text : '')).join('');
}

const compared = (present: string, mine: string) => finish(compareTexts(present, mine));

describe('a comparison', () => {
  it('shows what was added and what was removed', () => {
    expect(compared('one two three', 'one 2 three\nfour')).toEqual([
      { kind: 'same', text: 'one ' },
      { kind: 'added', text: '2' },
      { kind: 'removed', text: 'two' },
      { kind: 'same', text: ' three' },
      { kind: 'added', text: '\nfour' }
    ]);
  });

  it('leaves out lines far from a change, and counts them', () => {
    const present = lines(100);
    const mine = present.with(50, 'another line\n').join('');
    const passages = compared(present.join(''), mine);
    const omitted = passages.map(part => ('lines' in part ? part.lines : 0));
    const shown = passages.map(part => ('text' in part ? part.text : '')).join('');
    expect(omitted.filter(Boolean).length).toBe(2);
    expect(shown.split('\n').length).toBeLessThan(12);
    expect(shown).toContain('line 49\n');
    expect(shown).toContain('line 51\n');
  });

  it('of equal texts shows nothing', () => {
    expect(compared('', '')).toEqual([]);
    expect(compared('a\n', 'a\n').every(({ kind }) => kind === 'same')).toBe(true);
  });

  it('of long texts is computed in steps', () => {
    const [present, mine] = ['a ', 'b '].map(word => word.repeat(20_000));
    expect([...compareTexts(present, mine)].length).toBeGreaterThan(1);
  });

  it('contains both texts if nothing is left out', () => {
    const text = fc.array(fc.constantFrom('a', 'b ', '🎉', '\n'), { maxLength: 8 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const [present, mine] = [before.join(''), after.join('')];
        const passages = compared(present, mine);
        fc.pre(passages.every(({ kind }) => kind !== 'omitted'));
        expect(without('added', passages)).toBe(present);
        expect(without('removed', passages)).toBe(mine);
      })
    );
  });
});
