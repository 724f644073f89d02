import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Change } from '../../src/sync';
import { Operation, Text } from '../../src/text';
import { type Queued, type View, Views } from '../../src/session/views';

/** A document that two views edit and that others change. */
function meeting(content: string) {
  let text = Text.of(content);
  const apply = (
    operation: Operation,
    by: Parameters<Views['publish']>[1],
    origin: Queued['origin']
  ) => {
    text = text.apply(operation);
    views.publish({ operation, origin, userId: by ? null : 'bob' }, by);
  };
  const views: Views = new Views({
    edit: (operation, _selection, by) => apply(operation, by, 'local'),
    undo: () => null,
    redo: () => null
  });
  return {
    views,
    document: () => text,
    remote: (operation: Operation) => apply(operation, null, 'remote')
  };
}

const edit = fc.record({
  who: fc.constantFrom('remote', 'eager', 'waiting', 'catch up'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  deleted: fc.nat(3),
  insert: fc.constantFrom('', 'a', '😀', 'bc\n')
});

describe('a view that decides itself when it catches up', () => {
  it('shows the document’s text then, and its own edits stand where they were made', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 30 }), edits => {
        const { views, document, remote } = meeting('One 🎉 line.\n');
        const seen: Change[] = [];
        const eager = views.attach(() => undefined, document());
        const waiting = views.attach(
          change => seen.push(change),
          document(),
          () => undefined
        );
        edits.forEach(({ who, at, deleted, insert }, number) => {
          const base = who === 'waiting' ? waiting.text : document();
          const place = Math.floor(at * base.length);
          const end = Math.min(base.length, place + deleted);
          const text = insert && `⟨${number}${insert}⟩`;
          const operation = Operation.of(place, text, place - end);
          if (who === 'catch up') {
            waiting.catchUp();
            expect(waiting.text.toString()).toBe(document().toString());
          } else if (who === 'remote') {
            remote(operation);
          } else {
            (who === 'eager' ? eager : waiting).edit(operation);
          }
          if (who === 'waiting' && text) {
            const caret = { anchor: place, head: place + [...text].length };
            const { anchor, head } = waiting.inDocument(caret);
            expect(document().slice(anchor, head)).toContain(text);
            expect(waiting.inView({ anchor, head }).head).toBeGreaterThanOrEqual(caret.head);
          }
          expect(eager.text.toString()).toBe(document().toString());
        });
        waiting.catchUp();
        expect(waiting.text.toString()).toBe(document().toString());
        expect(
          seen.every(({ before, after, operation }) => before.apply(operation).equals(after))
        ).toBe(true);
      }),
      { numRuns: 300 }
    );
  });

  it('receives neighbours of one origin as one change, and an undo by itself', () => {
    const { views, document, remote } = meeting('text');
    const seen: Change[] = [];
    const view = views.attach(
      change => seen.push(change),
      document(),
      () => undefined
    );
    remote(Operation.of('a'));
    remote(Operation.of(1, 'b'));
    views.publish({ operation: Operation.of('u'), origin: 'undo', userId: null }, null);
    remote(Operation.of('c'));
    view.catchUp();
    expect(seen.map(({ origin }) => origin)).toEqual(['remote', 'undo', 'remote']);
    expect(seen[0].userId).toBe('bob');
    expect(view.text.toString()).toBe('cuabtext');
    expect(view.isBehind).toBe(false);
  });

  it('may catch up and edit as soon as a change arrives; other views have both in the same order', () => {
    const { views, document, remote } = meeting('text');
    let isDone = false;
    const hasty: View = views.attach(
      () => {
        if (!isDone) {
          isDone = true;
          hasty.edit(Operation.of(hasty.text.length, '!'));
        }
      },
      document(),
      () => hasty.catchUp()
    );
    const patient = views.attach(
      () => undefined,
      document(),
      () => undefined
    );
    remote(Operation.of('a longer beginning of the '));
    patient.catchUp();
    expect(document().toString()).toBe('a longer beginning of the text!');
    expect(hasty.text.toString()).toBe(document().toString());
    expect(patient.text.toString()).toBe(document().toString());
  });
});
