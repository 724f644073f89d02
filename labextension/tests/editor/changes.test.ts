import { ChangeSet, type ChangeSpec, EditorState, Text as EditorText } from '@codemirror/state';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cleaning, toChanges, toOperation, toRange, toSelection } from '../../src/editor/changes';
import { checkContent, Operation, Text } from '../../src/text';
import { content, textAndOperations } from '../kit/arbitraries';

function docOf(text: string): EditorText {
  return EditorText.of(text.split('\n'));
}

function applied(changes: ChangeSet, doc: EditorText): string {
  return changes.apply(doc).toString();
}

describe('changes of the editor', () => {
  it('become operations with the same result', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 5 }), content), { maxLength: 5 });
    fc.assert(
      fc.property(content, edits, (text, pieces) => {
        const doc = docOf(text);
        const starts = [...text].map((_, index, all) => all.slice(0, index).join('').length);
        const offsets = [...starts, text.length];
        let done = 0;
        const specs: ChangeSpec[] = [];
        for (const [at, length, insert] of pieces.sort(
          ([a], [b]) => (a % offsets.length) - (b % offsets.length)
        )) {
          const first = Math.max(done, at % offsets.length);
          const last = Math.min(offsets.length - 1, first + length);
          specs.push({ from: offsets[first], to: offsets[last], insert });
          done = last;
        }
        const changes = ChangeSet.of(specs, doc.length);
        const before = Text.of(text);
        const operation = toOperation(changes, before, changes.apply(doc));
        expect(before.apply(operation).toString()).toBe(applied(changes, doc));
      }),
      { numRuns: 1000 }
    );
  });

  it('are made from operations with the same result', () => {
    fc.assert(
      fc.property(textAndOperations(1), ([text, [operation]]) => {
        const before = Text.of(text);
        const changes = ChangeSet.of(toChanges(operation, before), text.length);
        expect(applied(changes, docOf(text))).toBe(before.apply(operation).toString());
      }),
      { numRuns: 1000 }
    );
  });

  it('are extended if they begin or end inside a surrogate pair', () => {
    // Both pairs begin with the same unit, so that only the second unit differs.
    const before = Text.of('a😀b');
    const changes = ChangeSet.of({ from: 2, to: 3, insert: '\ude01' }, 4);
    const operation = toOperation(changes, before, changes.apply(docOf('a😀b')));
    expect(operation).toEqual(Operation.of(1, '😁', -1));
  });

  it('count a character outside the basic plane as one', () => {
    const changes = ChangeSet.of({ from: 4, insert: 'x' }, 4);
    const operation = toOperation(changes, Text.of('🎉🎉'), changes.apply(docOf('🎉🎉')));
    expect(operation).toEqual(Operation.of(2, 'x'));
    expect(toChanges(operation, Text.of('🎉🎉'))).toEqual([{ from: 4, to: 4, insert: 'x' }]);
  });

  it('convert selections', () => {
    const text = Text.of('🎉a🎉b');
    const range = toRange({ anchor: 4, head: 1 }, text);
    expect([range.anchor, range.head]).toEqual([6, 2]);
    expect(toSelection(range, text)).toEqual({ anchor: 4, head: 1 });
  });
});

describe('cleaning of typed text', () => {
  function cleaned(doc: string, spec: ChangeSpec): string {
    const state = EditorState.create({ doc });
    const transaction = state.update({ changes: spec });
    const behind = ChangeSet.of(cleaning(transaction), transaction.newDoc.length);
    return applied(behind, transaction.newDoc);
  }

  it.each([
    ['a\u0000b', 'ab'],
    ['a\ud83db', 'a\ufffdb'],
    ['\ude00', '\ufffd'],
    ['😀', '😀'],
    ['plain\ntext', 'plain\ntext']
  ])('removes or replaces forbidden characters in %j', (insert, expected) => {
    expect(cleaned('[]', { from: 1, insert })).toBe(`[${expected}]`);
  });

  it('converts carriage returns to newlines', () => {
    const insert = EditorText.of(['a\r', 'b\rc']);
    expect(cleaned('[]', { from: 1, insert })).toBe('[a\nb\nc]');
    expect(cleaned('[]', { from: 1, insert: 'a\r\nb' })).toBe('[a\nb]');
  });

  it('replaces the halves of a surrogate pair that a change has split', () => {
    expect(cleaned('a😀b', { from: 2, to: 3 })).toBe('a\ufffdb');
    expect(cleaned('a😀b', { from: 2, insert: 'x' })).toBe('a\ufffdx\ufffdb');
  });

  it('makes text that the server accepts', () => {
    const unit = fc.constantFrom('a', '\r', '\n', '\0', '\ud83d', '\ude00', '😀');
    const units = fc.array(unit, { maxLength: 8 }).map(all => all.join(''));
    fc.assert(
      fc.property(content, units, fc.nat(), fc.nat(), (doc, insert, a, b) => {
        const [from, to] = [a % (doc.length + 1), b % (doc.length + 1)].sort((x, y) => x - y);
        const text = cleaned(doc, { from, to, insert: EditorText.of(insert.split('\n')) });
        expect(() => checkContent(text)).not.toThrow();
      }),
      { numRuns: 2000 }
    );
  });
});
