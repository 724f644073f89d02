// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  broughtOn,
  differencesIn,
  takenBack,
  Undoable
} from '../../../src/history/compare/passage';
import { apply, diff, finish, normalise, Operation, Text } from '../../../src/text';
import { content, textAndOperations } from '../../kit/arbitraries';

describe('a passage that is taken back', () => {
  it('makes the older text of the newer one, if all are', () => {
    fc.assert(
      fc.property(content, content, (before, after) => {
        const [older, newer] = [Text.of(before), Text.of(after)];
        const differences = differencesIn(diff(before, after), older, newer);
        expect(apply(takenBack(older, newer, differences), after)).toBe(before);
      })
    );
  });

  it('leaves everything else, and what stands between its differences', () => {
    const [before, after] = [
      'one two three\nthis line stays the same\nend\n',
      'one 2 and 3\nthis line stays the same\nEND\n'
    ];
    const [older, newer] = [Text.of(before), Text.of(after)];
    const differences = differencesIn(diff(before, after), older, newer);
    const inFirstLine = differences.filter(({ fromB }) => fromB < after.indexOf('\n'));
    expect(apply(takenBack(older, newer, inFirstLine), after)).toBe(
      'one two three\nthis line stays the same\nEND\n'
    );
  });

  it('loses no letter that came since', () => {
    fc.assert(
      fc.property(content, textAndOperations(3), (before, [after, operations]) => {
        // What is written since is in capitals that no text has by itself.
        const since = operations.map(({ components }) =>
          Operation.of(
            ...components.map(each =>
              typeof each === 'string' ? Array.from(each, () => 'X').join('') : each
            )
          )
        );
        const present = since.reduce((text, operation) => apply(operation, text), after);
        const [older, newer] = [Text.of(before), Text.of(after)];
        const operation = takenBack(older, newer, differencesIn(diff(before, after), older, newer));
        const result = apply(finish(broughtOn(operation, after, present)), present);
        expect(count(result)).toBe(count(present));
      })
    );
  });

  it('is restored while somebody types in it, and undone while they go on', () => {
    const before = 'Title\nThe old words stand here.\nEnd\n';
    const after = 'Title\nOther letters are now here.\nEnd\n';
    const present = 'Title\nOther letters ARE now here, says Grace.\nEnd, too\n';
    const [older, newer] = [Text.of(before), Text.of(after)];
    const operation = takenBack(older, newer, differencesIn(diff(before, after), older, newer));
    const edit = finish(broughtOn(operation, after, present));
    const restored = apply(edit, present);
    for (const words of ['The old words stand', ', says Grace', 'End, too']) {
      expect(restored).toContain(words);
    }
    expect(restored).not.toContain('Other letters');
    const undoable = new Undoable(edit, Text.of(present));
    const typed = Operation.of(restored.length, 'More.');
    undoable.follow(typed);
    expect(apply(undoable.back, apply(typed, restored))).toBe(`${present}More.`);
    expect(normalise(undoable.back)).toEqual(undoable.back);
  });
});

function count(text: string): number {
  return text.split('X').length;
}
