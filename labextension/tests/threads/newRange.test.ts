// @vitest-environment node
/** The range of a new thread: sent as one of a committed text, as soon as its letters are acknowledged. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { dispatch, edited, replicaOf } from '../../src/sync/replica';
import { Operation, shownAnchors } from '../../src/text';
import { committedRange } from '../../src/threads/newRange';
import { content, operationOn } from '../kit/arbitraries';

/** A replica with an operation in flight and a buffer. */
function replicaWith(text: string, gen: fc.GeneratorValue) {
  const how = { operationId: 'mine', limit: 10_000, cursor: () => undefined };
  const first = replicaOf('epoch', 1, text);
  const sent = dispatch(edited(first, gen(operationOn, first.text.length)), how);
  return edited(sent, gen(operationOn, sent.text.length));
}

describe('the range of a new thread', () => {
  it('holds the same letters in the committed text, and is the range again over what is pending', () => {
    let committed = 0;
    fc.assert(
      fc.property(content, fc.gen(), (text, gen) => {
        const replica = replicaWith(text, gen);
        const [start, end] = [
          gen(fc.nat, { max: replica.text.length }),
          gen(fc.nat, { max: replica.text.length })
        ].sort((one, other) => one - other);
        const range = committedRange({ start, end }, replica);
        if (!range) {
          return;
        }
        committed += 1;
        const letters = replica.text.slice(start, end);
        expect(replica.committed.slice(range.start, range.end)).toBe(letters);
        const { outstanding, buffer } = replica.pending;
        const operations = [outstanding, buffer].flatMap(edit => (edit ? edit.operation : []));
        const [again] = shownAnchors(
          [[{ ...range, letters: null }, letters]],
          replica.committed,
          operations
        );
        if (start < end) {
          expect(again).toEqual({ start, end, letters: null });
        } else {
          // A place goes to the left end of a gap, from which the range may only be away by what is deleted there.
          expect(replica.text.slice(again.start, start)).toBe('');
        }
      }),
      { numRuns: 300 }
    );
    expect(committed).toBeGreaterThan(30);
  });

  it('waits while letters in it, or before an insertion, are not acknowledged', () => {
    const replica = edited(replicaOf('epoch', 1, 'The fox'), Operation.of(4, 'red '));
    expect(committedRange({ start: 3, end: 6 }, replica)).toBeNull();
    expect(committedRange({ start: 8, end: 8 }, replica)).toBeNull();
    expect(committedRange({ start: 8, end: 11 }, replica)).toEqual({ start: 4, end: 7 });
    expect(committedRange({ start: 4, end: 4 }, replica)).toEqual({ start: 4, end: 4 });
  });
});
