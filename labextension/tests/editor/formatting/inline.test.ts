import { EditorState } from '@codemirror/state';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type InlineMark, toggleInline } from '../../../src/editor/formatting';
import { editorOf, markedText } from './kit';

function toggled(marked: string, mark: InlineMark): string {
  const view = editorOf(marked);
  toggleInline(view, mark);
  return markedText(view);
}

describe('emphasis', () => {
  it.each([
    ['a ⟦word⟧ b', '**', 'a **⟦word⟧** b'],
    ['a **⟦word⟧** b', '**', 'a ⟦word⟧ b'],
    ['a ⟦**word**⟧ b', '**', 'a ⟦word⟧ b'],
    ['a⟦ word ⟧b', '*', 'a *⟦word⟧* b'],
    ['a wo¦rd b', '*', 'a *word¦* b'],
    ['a *wo¦rd* b', '*', 'a word¦ b'],
    ['a ¦ b', '**', 'a **¦** b'],
    ['a **¦** b', '**', 'a ¦ b'],
    ['**⟦word⟧**', '*', '***⟦word⟧***'],
    ['***⟦word⟧***', '*', '**⟦word⟧**'],
    ['***⟦word⟧***', '**', '*⟦word⟧*'],
    ['⟦code⟧', '`', '`⟦code⟧`'],
    ['⟦gone⟧', '~~', '~~⟦gone⟧~~']
  ] as const)('of %s with %s is %s', (before, mark, after) => {
    expect(toggled(before, mark)).toBe(after);
  });

  it('of several lines is that of the text of each', () => {
    const before = '⟦# Title\n\n- one\n1. [ ] two\n> three⟧';
    const after = '# **⟦Title**\n\n- **one**\n1. [ ] **two**\n> **three⟧**';
    expect(toggled(before, '**')).toBe(after);
    expect(toggled(after, '**').replace(/[⟦⟧]/g, '')).toBe(before.replace(/[⟦⟧]/g, ''));
  });

  it('is completed where a part has it already', () => {
    expect(toggled('⟦**one**\ntwo⟧', '**')).toBe('⟦**one**\n**two⟧**');
  });

  it('twice changes nothing', () => {
    const word = fc.constantFrom('one', 'two three', '', '- four', '# five', ' ', 'ü🎉');
    const mark = fc.constantFrom<InlineMark>('**', '*', '`', '~~');
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), mark, (lines, each) => {
        const text = lines.join('\n');
        fc.pre(text.trim() !== '');
        const view = editorOf(`⟦${text}⟧`);
        toggleInline(view, each);
        const between = view.state.doc.toString();
        toggleInline(view, each);
        expect(view.state.doc.toString()).toBe(text);
        toggleInline(view, each);
        expect(view.state.doc.toString()).toBe(between);
      })
    );
  });

  it('does nothing in a text that may not be edited', () => {
    const view = editorOf('⟦word⟧', EditorState.readOnly.of(true));
    expect(toggleInline(view, '*')).toBe(false);
    expect(markedText(view)).toBe('⟦word⟧');
  });
});
